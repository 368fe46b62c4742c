"""A hundred steps of the optimizers of PyTorch and Keras, for oracle.test.ts: writes oracle.json.

Made with torch 2.13.0 and keras 3.15.1 (KERAS_BACKEND=torch), in single precision on a CPU. Both get the same gradients for
a matrix and a vector; the parameters are kept after the steps in KEPT. Arrays are little-endian floats in base64.
"""

import base64
import json
import os
import pathlib

os.environ["KERAS_BACKEND"] = "torch"

import keras
import numpy as np
import torch

STEPS = 100
KEPT = [1, 2, 3, 5, 10, 20, 50, 75, 100]
SHAPES = {"matrix": (3, 5), "vector": (7,)}

random = np.random.default_rng(7)
initial = {name: random.normal(size=shape).astype("f4") for name, shape in SHAPES.items()}
# Of several sizes, as layers have them; not decreasing, so that moves stay large.
gradients = [
    {name: (random.normal(size=shape) * size).astype("f4") for (name, shape), size in zip(SHAPES.items(), [1.0, 0.05])}
    for _ in range(STEPS)
]


def encode(arrays):
    flat = np.concatenate([array.reshape(-1) for array in arrays])
    return base64.b64encode(flat.astype("<f4").tobytes()).decode()


def with_torch(make, before=lambda parameters: None):
    parameters = {name: torch.tensor(value, requires_grad=True) for name, value in initial.items()}
    optimizer = make(list(parameters.values()))
    kept = []
    for step, gradient in enumerate(gradients, 1):
        for name, parameter in parameters.items():
            parameter.grad = torch.tensor(gradient[name])
        before(list(parameters.values()))
        optimizer.step()
        if step in KEPT:
            kept.append([parameter.detach().numpy().copy() for parameter in parameters.values()])
    return kept


def with_keras(optimizer, read=lambda optimizer, variables: variables):
    variables = [keras.Variable(value, name=name) for name, value in initial.items()]
    optimizer.build(variables)
    kept = []
    for step, gradient in enumerate(gradients, 1):
        optimizer.apply([keras.ops.convert_to_tensor(value) for value in gradient.values()], variables)
        if step in KEPT:
            kept.append([keras.ops.convert_to_numpy(v).copy() for v in read(optimizer, variables)])
    return kept


cases = []


def case(source, settings, kept):
    cases.append({"source": source, "settings": settings, "results": encode([a for arrays in kept for a in arrays])})


T = torch.optim
case("torch", {"type": "sgd", "learningRate": 0.05}, with_torch(lambda p: T.SGD(p, lr=0.05)))
case("torch", {"type": "sgd", "learningRate": 0.05, "momentum": 0.9, "dampening": 0.3}, with_torch(lambda p: T.SGD(p, lr=0.05, momentum=0.9, dampening=0.3)))
case("torch", {"type": "sgd", "learningRate": 0.05, "momentum": 0.9, "nesterov": True, "weightDecay": 0.01}, with_torch(lambda p: T.SGD(p, lr=0.05, momentum=0.9, nesterov=True, weight_decay=0.01)))
case("torch", {"type": "adagrad", "learningRate": 0.1, "initialAccumulatorValue": 0.1}, with_torch(lambda p: T.Adagrad(p, lr=0.1, initial_accumulator_value=0.1, eps=1e-7)))
case("torch", {"type": "adagrad", "learningRate": 0.1, "initialAccumulatorValue": 0, "epsilon": 1e-10, "weightDecay": 0.1}, with_torch(lambda p: T.Adagrad(p, lr=0.1, weight_decay=0.1)))
case("torch", {"type": "rmsprop", "learningRate": 0.01}, with_torch(lambda p: T.RMSprop(p, lr=0.01, alpha=0.9, eps=1e-7)))
case("torch", {"type": "rmsprop", "learningRate": 0.01, "momentum": 0.8, "rho": 0.99, "epsilon": 1e-8}, with_torch(lambda p: T.RMSprop(p, lr=0.01, alpha=0.99, momentum=0.8)))
case("torch", {"type": "rmsprop", "learningRate": 0.01, "rho": 0.9, "centered": True, "epsilon": 1e-3}, with_torch(lambda p: T.RMSprop(p, lr=0.01, alpha=0.9, centered=True, eps=1e-3)))
case("torch", {"type": "rmsprop", "learningRate": 0.01, "rho": 0.95, "centered": True, "momentum": 0.5, "epsilon": 1e-3, "weightDecay": 0.02}, with_torch(lambda p: T.RMSprop(p, lr=0.01, alpha=0.95, centered=True, momentum=0.5, eps=1e-3, weight_decay=0.02)))
case("torch", {"type": "adadelta", "learningRate": 1, "rho": 0.9, "epsilon": 1e-6}, with_torch(lambda p: T.Adadelta(p)))
case("torch", {"type": "adadelta", "learningRate": 0.5, "weightDecay": 0.01}, with_torch(lambda p: T.Adadelta(p, lr=0.5, rho=0.95, eps=1e-7, weight_decay=0.01)))
case("torch", {"type": "adam", "learningRate": 0.01}, with_torch(lambda p: T.Adam(p, lr=0.01, eps=1e-7)))
case("torch", {"type": "adam", "learningRate": 0.01, "beta1": 0.8, "beta2": 0.99, "epsilon": 1e-3, "weightDecay": 0.05}, with_torch(lambda p: T.Adam(p, lr=0.01, betas=(0.8, 0.99), eps=1e-3, weight_decay=0.05)))
case("torch", {"type": "adam", "learningRate": 0.01, "amsgrad": True}, with_torch(lambda p: T.Adam(p, lr=0.01, eps=1e-7, amsgrad=True)))
case("torch", {"type": "adamw", "learningRate": 0.01, "weightDecay": 0.1}, with_torch(lambda p: T.AdamW(p, lr=0.01, eps=1e-7, weight_decay=0.1)))
case("torch", {"type": "adamw", "learningRate": 0.01, "weightDecay": 0.1, "amsgrad": True}, with_torch(lambda p: T.AdamW(p, lr=0.01, eps=1e-7, weight_decay=0.1, amsgrad=True)))
case("torch", {"type": "adamax", "learningRate": 0.01}, with_torch(lambda p: T.Adamax(p, lr=0.01, eps=1e-7)))
case("torch", {"type": "adamax", "learningRate": 0.01, "weightDecay": 0.05}, with_torch(lambda p: T.Adamax(p, lr=0.01, eps=1e-7, weight_decay=0.05)))
case("torch", {"type": "nadam", "learningRate": 0.01}, with_torch(lambda p: T.NAdam(p, lr=0.01, eps=1e-7)))
case("torch", {"type": "nadam", "learningRate": 0.01, "weightDecay": 0.05, "decoupledWeightDecay": True}, with_torch(lambda p: T.NAdam(p, lr=0.01, eps=1e-7, weight_decay=0.05, decoupled_weight_decay=True)))
case("torch", {"type": "adafactor", "learningRate": 0.05}, with_torch(lambda p: T.Adafactor(p, lr=0.05)))
case("torch", {"type": "adafactor", "learningRate": 0.2, "beta2Decay": -0.5, "clipThreshold": 1.5, "weightDecay": 0.1}, with_torch(lambda p: T.Adafactor(p, lr=0.2, beta2_decay=-0.5, d=1.5, weight_decay=0.1)))
case("torch", {"type": "sgd", "learningRate": 0.05, "clip": {"value": 0.5}}, with_torch(lambda p: T.SGD(p, lr=0.05), lambda p: torch.nn.utils.clip_grad_value_(p, 0.5)))
case("keras", {"type": "rmsprop", "learningRate": 0.01, "momentum": 0.8, "epsilon": 1e-2, "epsilonInside": True}, with_keras(keras.optimizers.RMSprop(learning_rate=0.01, rho=0.9, momentum=0.8, epsilon=1e-2)))
case("keras", {"type": "lion", "learningRate": 0.01}, with_keras(keras.optimizers.Lion(learning_rate=0.01)))
case("keras", {"type": "lion", "learningRate": 0.01, "weightDecay": 0.1}, with_keras(keras.optimizers.Lion(learning_rate=0.01, weight_decay=0.1)))
case("keras", {"type": "lamb", "learningRate": 0.01}, with_keras(keras.optimizers.Lamb(learning_rate=0.01)))
case("keras", {"type": "adafactor", "learningRate": 0.05}, with_keras(keras.optimizers.Adafactor(learning_rate=0.05)))
# Keras computes 1 - beta2^t in single precision: with 0.999 that is off by hundreds of units.
case("keras", {"type": "nadam", "learningRate": 0.01, "beta2": 0.9, "momentumDecay": 1}, with_keras(keras.optimizers.Nadam(learning_rate=0.01, beta_2=0.9)))
case("keras", {"type": "sgd", "learningRate": 0.05, "clip": {"norm": 0.5}}, with_keras(keras.optimizers.SGD(learning_rate=0.05, clipnorm=0.5)))
case("keras", {"type": "sgd", "learningRate": 0.05, "momentum": 0.9, "clip": {"globalNorm": 2}}, with_keras(keras.optimizers.SGD(learning_rate=0.05, momentum=0.9, global_clipnorm=2.0)))

data = {
    "kept": KEPT,
    "shapes": SHAPES,
    "initial": encode(initial.values()),
    "gradients": encode([value for gradient in gradients for value in gradient.values()]),
    "cases": cases,
}
pathlib.Path(__file__).with_suffix(".json").write_text(json.dumps(data, indent=2) + "\n")

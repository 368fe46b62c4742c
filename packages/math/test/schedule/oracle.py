"""Factors of the schedules of PyTorch and Keras in 60 steps, for schedules.test.ts: writes oracle.json.

Made with torch 2.13.0 and keras 3.15.1 (KERAS_BACKEND=torch).
"""

import json
import os
import pathlib

os.environ["KERAS_BACKEND"] = "torch"

import keras
import torch

STEPS = 60
cases = []


def with_torch(settings, make):
    optimizer = torch.optim.SGD([torch.zeros(1, requires_grad=True)], lr=1.0)
    schedule = make(optimizer)
    factors = []
    for _ in range(STEPS):
        factors.append(optimizer.param_groups[0]["lr"])
        optimizer.step()
        schedule.step()
    cases.append({"source": "torch", "settings": settings, "factors": factors})


def with_keras(settings, schedule):
    factors = [float(schedule(step)) for step in range(STEPS)]
    cases.append({"source": "keras", "settings": settings, "factors": factors})


S = torch.optim.lr_scheduler
with_torch({"type": "step", "everySteps": 7, "factor": 0.5}, lambda o: S.StepLR(o, 7, 0.5))
with_torch({"type": "multi-step", "atSteps": [10, 11, 40], "factor": 0.1}, lambda o: S.MultiStepLR(o, [10, 11, 40], 0.1))
with_torch({"type": "cosine", "end": 0.1}, lambda o: S.CosineAnnealingLR(o, STEPS, eta_min=0.1))
with_torch({"type": "cosine", "lengthSteps": 8, "restarts": {"lengthFactor": 2}}, lambda o: S.CosineAnnealingWarmRestarts(o, 8, 2))
with_torch({"type": "one-cycle", "lengthSteps": 61}, lambda o: S.OneCycleLR(o, 1.0, total_steps=STEPS + 1))
with_torch({"type": "one-cycle", "up": 0.25, "divideBy": 10, "finalDivideBy": 100, "lengthSteps": 61}, lambda o: S.OneCycleLR(o, 1.0, total_steps=STEPS + 1, pct_start=0.25, div_factor=10, final_div_factor=100))
with_torch({"type": "constant", "warmupSteps": 9, "warmupFrom": 0.2}, lambda o: S.LinearLR(o, 0.2, 1.0, 9))
with_torch({"type": "constant", "warmupSteps": 9, "warmup": "constant", "warmupFrom": 0.3}, lambda o: S.ConstantLR(o, 0.3, 9))

K = keras.optimizers.schedules
with_keras({"type": "exponential", "everySteps": 9, "factor": 0.3}, K.ExponentialDecay(1.0, 9, 0.3))
with_keras({"type": "exponential", "everySteps": 9, "factor": 0.3, "staircase": True}, K.ExponentialDecay(1.0, 9, 0.3, staircase=True))
with_keras({"type": "polynomial", "power": 2, "end": 0.05, "lengthSteps": 40}, K.PolynomialDecay(1.0, 40, 0.05, power=2.0))
with_keras({"type": "polynomial", "end": 0.05}, K.PolynomialDecay(1.0, STEPS, 0.05))
with_keras({"type": "cosine", "end": 0.02, "lengthSteps": 30, "warmupSteps": 12}, K.CosineDecay(0.0, 30, alpha=0.02, warmup_target=1.0, warmup_steps=12))
with_keras({"type": "cosine", "lengthSteps": 9, "restarts": {"lengthFactor": 1.7, "heightFactor": 0.8}}, K.CosineDecayRestarts(1.0, 9, t_mul=1.7, m_mul=0.8))
with_keras({"type": "cosine", "lengthSteps": 13, "restarts": {"lengthFactor": 1, "heightFactor": 0.5}}, K.CosineDecayRestarts(1.0, 13, t_mul=1.0, m_mul=0.5))


def on_plateau(settings, values, **options):
    """Rates after each of the observations."""
    model = keras.Sequential([keras.Input((1,)), keras.layers.Dense(1)])
    model.compile(keras.optimizers.SGD(1.0), "mse")
    callback = keras.callbacks.ReduceLROnPlateau(monitor="value", mode=settings["mode"], verbose=0, **options)
    callback.set_model(model)
    callback.on_train_begin()
    factors = []
    for epoch, value in enumerate(values):
        callback.on_epoch_end(epoch, {"value": value})
        factors.append(float(model.optimizer.learning_rate))
    plateaus.append({"settings": settings, "values": values, "factors": factors})


plateaus = []
falling = [1.0, 0.8, 0.79995, 0.9, 0.7, 0.71, 0.72, 0.7, 0.69995, 0.7, 0.7, 0.65, 0.66, 0.67, 0.66, 0.66, 0.66, 0.66, 0.66, 0.66, 0.66, 0.6, 0.61, 0.61, 0.61]
rising = [-value for value in falling]
on_plateau({"mode": "min", "patience": 2, "factor": 0.5}, falling, patience=2, factor=0.5)
on_plateau({"mode": "max", "patience": 2, "factor": 0.5}, rising, patience=2, factor=0.5)
on_plateau({"mode": "min", "patience": 1, "factor": 0.1, "end": 0.003}, falling, patience=1, factor=0.1, min_lr=0.003)
on_plateau({"mode": "min", "patience": 2, "factor": 0.25, "cooldown": 1}, falling, patience=2, factor=0.25, cooldown=1)
on_plateau({"mode": "min", "patience": 2, "factor": 0.25, "cooldown": 3}, falling, patience=2, factor=0.25, cooldown=3)
on_plateau({"mode": "min", "patience": 3, "factor": 0.5, "minChange": 0.05}, falling, patience=3, factor=0.5, min_delta=0.05)

pathlib.Path(__file__).with_suffix(".json").write_text(json.dumps({"totalSteps": STEPS, "cases": cases, "plateaus": plateaus}) + "\n")

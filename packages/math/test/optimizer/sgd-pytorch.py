"""Four steps of torch.optim.SGD in double precision, for sgd.test.ts: writes sgd-pytorch.json (made with torch 2.13.0).

Decoupled decay is what torch.optim.AdamW does before its step: p.mul_(1 - lr * wd).
"""

import itertools
import json
import pathlib

import torch

PARAMETERS = [1.0, -2.0, 0.5, 0.0, 3.25, -0.125, 8.0]
GRADIENTS = [
    [0.5, -1.0, 0.25, 2.0, -0.75, 0.125, 1.5],
    [-0.25, 0.5, 1.0, -1.0, 0.375, 2.0, -3.0],
    [1.0, 1.0, -1.0, 0.5, 0.0, -0.5, 0.25],
    [0.0, -0.5, 0.75, 1.25, 2.5, 1.0, -1.0],
]
RATE = 0.1


def run(momentum, nesterov, decay, decoupled):
    p = torch.tensor(PARAMETERS, dtype=torch.float64, requires_grad=True)
    coupled = 0.0 if decoupled else decay
    optimizer = torch.optim.SGD(
        [p], lr=RATE, momentum=momentum, nesterov=nesterov, weight_decay=coupled
    )
    for gradient in GRADIENTS:
        p.grad = torch.tensor(gradient, dtype=torch.float64)
        if decoupled:
            with torch.no_grad():
                p.mul_(1 - RATE * decay)
        optimizer.step()
    return p.tolist()


rules = itertools.product([(0.0, False), (0.9, False), (0.9, True)], [(0.0, False), (0.05, False), (0.05, True)])
cases = [
    {
        "momentum": momentum,
        "nesterov": nesterov,
        "weightDecay": decay,
        "decoupledWeightDecay": decoupled,
        "result": run(momentum, nesterov, decay, decoupled),
    }
    for (momentum, nesterov), (decay, decoupled) in rules
]
data = {"learningRate": RATE, "parameters": PARAMETERS, "gradients": GRADIENTS, "cases": cases}
pathlib.Path(__file__).with_suffix(".json").write_text(json.dumps(data, indent=2) + "\n")

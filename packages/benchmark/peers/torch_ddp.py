"""A peer of `paceline bench`: PyTorch's DistributedDataParallel over gloo, as two_ranks.py says.

    python3 torch_ddp.py MODEL

A number on standard input is one of steps. Models, batches and optimizer are those of src/board/models.ts; each rank
draws its half of every batch by a permutation of its own half of the examples.
"""

import sys

import torch
from torch import nn
from torch.nn.parallel import DistributedDataParallel

import two_ranks
from two_ranks import WORLD


def mlp():
    model = nn.Sequential(nn.Linear(784, 512), nn.ReLU(), nn.Linear(512, 10))
    return model, (784,), 256, 10


def cnn():
    model = nn.Sequential(
        nn.Conv2d(1, 32, 3), nn.ReLU(), nn.MaxPool2d(2),
        nn.Conv2d(32, 64, 3), nn.ReLU(), nn.MaxPool2d(2),
        nn.Flatten(), nn.Linear(1600, 128), nn.ReLU(), nn.Linear(128, 10),
    )
    return model, (1, 28, 28), 128, 10


def wide():
    model = nn.Sequential(
        nn.Linear(784, 4096), nn.ReLU(), nn.Linear(4096, 4096), nn.ReLU(),
        nn.Linear(4096, 1250), nn.ReLU(), nn.Linear(1250, 10),
    )
    return model, (784,), 64, 10


def tiny():
    return nn.Linear(2, 3), (2,), 8, None


MODELS = {"mlp": mlp, "cnn": cnn, "wide": wide, "tiny": tiny}


def trainer(name, rank):
    model, shape, batch, classes = MODELS[name]()
    ddp = DistributedDataParallel(model)
    optimizer = torch.optim.SGD(ddp.parameters(), lr=0.05)
    examples = 2048 if classes is None else 60000
    generator = torch.Generator().manual_seed(rank)
    own = examples // WORLD
    x = torch.rand((own, *shape), generator=generator)
    if classes is None:
        y, loss_of = torch.rand((own, 3), generator=generator), nn.MSELoss()
    else:
        y, loss_of = torch.randint(classes, (own,), generator=generator), nn.CrossEntropyLoss()
    share = batch // WORLD
    place, order = own, None

    def step():
        nonlocal place, order
        if place + share > own:
            place, order = 0, torch.randperm(own, generator=generator)
        indices = order[place:place + share]
        place += share
        optimizer.zero_grad()
        loss = loss_of(ddp(x[indices]), y[indices])
        loss.backward()
        optimizer.step()
        return loss

    return step


def prepare(rank):
    torch.manual_seed(0)
    return trainer(sys.argv[1], rank)


def train(step, count):
    for _ in range(count):
        loss = step()
    loss.item()


if __name__ == "__main__":
    two_ranks.run(prepare, train)

"""A peer of `paceline bench`: PyTorch's DistributedDataParallel over gloo, 2 ranks with one thread each.

    python3 torch_ddp.py MODEL

Rank 0 says {"pids": {...}} when both are ready. Then each line on standard input is a number of steps; it trains them
and answers {"seconds": s}. The end of the input is the end. Models, batches and optimizer are those of
src/board/models.ts; each rank draws its half of every batch by a permutation of its own half of the examples.
"""

import json
import os
import socket
import subprocess
import sys
import time

import torch
import torch.distributed as dist
from torch import nn
from torch.nn.parallel import DistributedDataParallel

WORLD = 2


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


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def join(rank):
    torch.set_num_threads(1)
    torch.manual_seed(0)
    dist.init_process_group("gloo", rank=rank, world_size=WORLD)
    return trainer(sys.argv[1], rank)


def steps_of(order):
    """Rank 0 tells everybody how many steps come; 0 is the end."""
    count = torch.tensor([order], dtype=torch.int64)
    dist.broadcast(count, 0)
    return int(count)


def train(step, count):
    for _ in range(count):
        loss = step()
    loss.item()
    dist.barrier()


def follow():
    step = join(1)
    while (count := steps_of(0)) > 0:
        train(step, count)
    dist.destroy_process_group()


def lead():
    os.environ["MASTER_ADDR"] = "127.0.0.1"
    os.environ["MASTER_PORT"] = str(free_port())
    other = subprocess.Popen([sys.executable, __file__, sys.argv[1], "follow"])
    try:
        step = join(0)
        print(json.dumps({"pids": {"rank 0": os.getpid(), "rank 1": other.pid}}), flush=True)
        for line in sys.stdin:
            count = steps_of(int(line))
            start = time.perf_counter()
            train(step, count)
            print(json.dumps({"seconds": time.perf_counter() - start}), flush=True)
        steps_of(0)
        dist.destroy_process_group()
        other.wait()
    except BaseException:
        other.kill()
        raise


if __name__ == "__main__":
    follow() if len(sys.argv) > 2 else lead()

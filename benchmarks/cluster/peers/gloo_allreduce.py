"""A peer of `exchange.ts`: gloo's all-reduce of one vector of float32, 2 ranks with one thread each.

    python3 gloo_allreduce.py NUMBERS

Rank 0 says {"pids": {...}} when both are ready. Then each line on standard input is a number of sums; they make them
and it answers {"seconds": s}. The end of the input is the end.
"""

import json
import os
import socket
import subprocess
import sys
import time

import torch
import torch.distributed as dist

WORLD = 2


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def join(rank):
    torch.set_num_threads(1)
    dist.init_process_group("gloo", rank=rank, world_size=WORLD)
    # Opposite numbers: the sums are zero, and stay finite however many there are.
    sign = 1 - 2 * rank
    return torch.full((int(sys.argv[1]),), sign / 1024, dtype=torch.float32)


def count_of(order):
    """Rank 0 tells the other how many sums come; 0 is the end."""
    count = torch.tensor([order], dtype=torch.int64)
    dist.broadcast(count, 0)
    return int(count)


def add(vector, count):
    for _ in range(count):
        dist.all_reduce(vector)
    dist.barrier()


def follow():
    vector = join(1)
    while (count := count_of(0)) > 0:
        add(vector, count)
    dist.destroy_process_group()


def lead():
    os.environ["MASTER_ADDR"] = "127.0.0.1"
    os.environ["MASTER_PORT"] = str(free_port())
    other = subprocess.Popen([sys.executable, __file__, sys.argv[1], "follow"])
    try:
        vector = join(0)
        print(json.dumps({"pids": {"rank 0": os.getpid(), "rank 1": other.pid}}), flush=True)
        for line in sys.stdin:
            count = count_of(int(line))
            start = time.perf_counter()
            add(vector, count)
            print(json.dumps({"seconds": time.perf_counter() - start}), flush=True)
        count_of(0)
        dist.destroy_process_group()
        other.wait()
    except BaseException:
        other.kill()
        raise


if __name__ == "__main__":
    follow() if len(sys.argv) > 2 else lead()

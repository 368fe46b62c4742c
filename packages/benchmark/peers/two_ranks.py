"""What the peers over gloo have in common: 2 ranks with one thread each, of which rank 0 is told how much to do.

Rank 0 says {"pids": {...}} when both are ready. Then each line on standard input is a number; both do so much work and it
answers {"seconds": s}. The end of the input is the end.
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


def run(prepare, work):
    """prepare(rank) is called when the ranks know each other; work(what it gave, count) between two looks at the clock."""
    follow(prepare, work) if len(sys.argv) > 2 else lead(prepare, work)


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def join(rank, prepare):
    torch.set_num_threads(1)
    dist.init_process_group("gloo", rank=rank, world_size=WORLD)
    return prepare(rank)


def count_of(order):
    """Rank 0 tells the other how much comes; 0 is the end."""
    count = torch.tensor([order], dtype=torch.int64)
    dist.broadcast(count, 0)
    return int(count)


def follow(prepare, work):
    subject = join(1, prepare)
    while (count := count_of(0)) > 0:
        work(subject, count)
        dist.barrier()
    dist.destroy_process_group()


def lead(prepare, work):
    os.environ["MASTER_ADDR"] = "127.0.0.1"
    os.environ["MASTER_PORT"] = str(free_port())
    other = subprocess.Popen([sys.executable, sys.argv[0], sys.argv[1], "follow"])
    try:
        subject = join(0, prepare)
        print(json.dumps({"pids": {"rank 0": os.getpid(), "rank 1": other.pid}}), flush=True)
        for line in sys.stdin:
            count = count_of(int(line))
            start = time.perf_counter()
            work(subject, count)
            dist.barrier()
            print(json.dumps({"seconds": time.perf_counter() - start}), flush=True)
        count_of(0)
        dist.destroy_process_group()
        other.wait()
    except BaseException:
        other.kill()
        raise

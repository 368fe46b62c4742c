"""A peer of `benchmarks/cluster/exchange.ts`: gloo's all-reduce of one vector of float32, as two_ranks.py says.

    python3 gloo_allreduce.py NUMBERS

A number on standard input is one of sums.
"""

import sys

import torch
import torch.distributed as dist

import two_ranks


def vector(rank):
    # Opposite numbers: the sums are zero, and stay finite however many there are.
    sign = 1 - 2 * rank
    return torch.full((int(sys.argv[1]),), sign / 1024, dtype=torch.float32)


def add(vector, count):
    for _ in range(count):
        dist.all_reduce(vector)


if __name__ == "__main__":
    two_ranks.run(vector, add)

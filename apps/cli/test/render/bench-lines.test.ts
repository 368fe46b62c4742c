import { models } from '@paceline/benchmark';
import { expect, test } from 'vitest';

import { latencies } from '../../src/bench/run-benchmarks.ts';
import { benchmarkNames } from '../../src/commands/bench.ts';
import { latencyLines, modelLines } from '../../src/render/bench-lines.ts';

test('a model of the board: who took how long, who was not there, and how ours stands', () => {
  const figure = { median: 9.5, lower: 9.25, upper: 10 };
  const zero = { push: 0, sum: 0, update: 0, publish: 0, pull: 0, writeBack: 0.05, wait: 0 };
  const lines = modelLines(
    {
      name: 'mlp',
      title: 'a perceptron',
      job: {} as never,
      ...{ batchSize: 256, warmUpSteps: 1, blockSteps: 1 },
    },
    {
      type: 'bench',
      name: 'mlp',
      examplesPerSecond: 26947.4,
      msPerStep: 9.5,
      phases: { compute: 4.125, readBack: 0.25, ...zero },
      bytesPerStep: 6_512_345,
      contestants: [
        {
          name: 'paceline',
          msPerStep: figure,
          examplesPerSecond: 26947.4,
          cpuMsPerStep: { server: 3.25, w1: 7.04 },
          peakBytes: { server: 95e6, w1: 400e6 },
        },
      ],
      absent: [{ name: 'PyTorch DDP', absent: 'python3 cannot import torch' }],
      rows: [
        {
          goal: { peer: 'model.fit', kind: 'speed', mustBe: 0.9, aim: 1.2 },
          figure: { median: 0.95, lower: 0.9, upper: 1.01 },
          standing: 'must be',
        },
        {
          goal: { subject: 'memory', kind: 'bytes', mustBe: 150e6, aim: 80e6 },
          figure: { median: 151e6, lower: 140e6, upper: 152.25e6 },
          standing: 'missed',
        },
      ],
    },
  );
  expect(lines).toEqual([
    'mlp: a perceptron',
    '  paceline           9.50 ms a step (9.25 to 10.00), 26,947 examples/s; CPU ms a step: server 3.3, w1 7.0; peak: server 95.0 MB, w1 400.0 MB',
    '  PyTorch DDP        not measured: python3 cannot import torch',
    '  ms of a step: compute 4.13, read back 0.25, push 0.00, sum 0.00, update 0.00, publish 0.00, pull 0.00, write back 0.05, wait 0.00; 6.5 MB of messages',
    '  speed against model.fit: 0.95 (0.90 to 1.01); must be >= 0.9, aim >= 1.2: must be',
    '  memory: 151.0 MB (140.0 MB to 152.3 MB); must be <= 150.0 MB, aim <= 80.0 MB: missed',
  ]);
});

test('seconds from a command on', () => {
  const rows = [
    {
      goal: { subject: 'wasm', kind: 'seconds', mustBe: 1.5, aim: 1 },
      figure: { median: 0.9, lower: 0.85, upper: 1.2 },
      standing: 'aim',
    },
  ] as const;
  expect(latencyLines({ type: 'bench', name: 'start', rows })).toEqual([
    'start:',
    '  wasm: 0.90 s (0.85 s to 1.20 s); must be <= 1.5 s, aim <= 1 s: aim',
  ]);
});

test('the command names the benchmarks of the board, without having loaded it', () => {
  expect(benchmarkNames).toEqual([...models.map(({ name }) => name), ...latencies]);
});

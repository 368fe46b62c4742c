import { expect, test } from 'vitest';

import { benchLines } from '../../src/render/bench-lines.ts';

test('a model of the board: who took how long, who was not there, and how ours stands', () => {
  const figure = { median: 9.5, lower: 9.25, upper: 10 };
  const lines = benchLines(
    {
      name: 'mlp',
      title: 'a perceptron',
      job: {} as never,
      ...{ batchSize: 256, warmUpSteps: 1, blockSteps: 1 },
    },
    {
      name: 'mlp',
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
          ratio: { median: 0.95, lower: 0.9, upper: 1.01 },
          standing: 'must be',
        },
      ],
    },
  );
  expect(lines).toEqual([
    'mlp: a perceptron',
    '  paceline           9.50 ms a step (9.25 to 10.00), 26,947 examples/s; CPU ms a step: server 3.3, w1 7.0; peak: server 95.0 MB, w1 400.0 MB',
    '  PyTorch DDP        not measured: python3 cannot import torch',
    '  speed against model.fit: 0.95 (0.90 to 1.01); must be >= 0.9, aim >= 1.2: must be',
  ]);
});

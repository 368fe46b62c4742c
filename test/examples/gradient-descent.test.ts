import { join } from 'node:path';

import { expect } from 'vitest';

import { describeEachBackend } from '../support/backends.ts';
import { exampleFile, trainWithEveryCount } from '../support/examples.ts';
import { descended, withOnes } from '../support/least-squares.ts';
import type { Matrix } from '../support/least-squares.ts';
import { openScratch } from '../support/scratch.ts';
import { readCheckpoint, rowsOf } from '../support/weights.ts';

// The label of each example stands for all three outputs.
const z = withOnes([
  [1, 2],
  [3, 4],
]);
const y = [
  [1, 1, 1],
  [0, 0, 0],
];

describeEachBackend((backend, testBackend) => {
  testBackend(
    'gradient-descent: the same bits for 1, 2, 3 and 5 workers, and the closed form of 1,000 steps',
    async () => {
      using scratch = openScratch();
      const job = exampleFile('gradient-descent/job.ts');
      const { out } = await trainWithEveryCount(scratch, job, { backend });
      const initial = thetaOf(join(out, 'checkpoints', 'step-0'));
      const expected = descended(initial, { z, y }, { rate: 0.01, steps: 1000 });
      expect(
        expected.flat().some((value, i) => Math.abs(value - (initial.flat()[i] ?? NaN)) > 0.1),
      ).toBe(true);
      const found = thetaOf(join(out, 'checkpoints', 'step-1000'));
      found.flat().forEach((value, i) => {
        expect(value).toBeCloseTo(expected.flat()[i] ?? NaN, 5);
      });
    },
  );
});

/** W over b: 3 x 3. */
function thetaOf(checkpoint: string): Matrix {
  const tensors = readCheckpoint(checkpoint);
  const theta = [...tensors.keys()].flatMap((name) => rowsOf(tensors, name));
  expect(theta).toHaveLength(3);
  return theta;
}

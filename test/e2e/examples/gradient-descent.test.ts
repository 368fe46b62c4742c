import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

import { expect } from 'vitest';

import { describeEachBackend } from '../support/backends.ts';
import { bitsOf, train } from '../support/paceline.ts';
import { openScratch } from '../support/scratch.ts';
import { readCheckpoint } from '../support/weights.ts';

const exampleFile = (name: string): string =>
  fileURLToPath(new URL(`../../examples/${name}/job.ts`, import.meta.url));

type Matrix = readonly (readonly number[])[];

describeEachBackend((backend, testBackend) => {
  testBackend(
    'gradient-descent: the same bits for 1, 2, 3 and 5 workers, and the closed form of 1,000 steps',
    async () => {
      using scratch = openScratch();
      const job = exampleFile('gradient-descent');
      const run = await train(scratch, job, { workers: 2, backend });
      for (const workers of [1, 3, 5]) {
        expect(bitsOf(await train(scratch, job, { workers, backend }))).toEqual(bitsOf(run));
      }
      const steps = join(run.out, 'checkpoints');
      const initial = thetaOf(join(steps, 'step-0'));
      const expected = descended(initial, 1000);
      expect(
        expected.flat().some((value, i) => Math.abs(value - (initial.flat()[i] ?? NaN)) > 0.1),
      ).toBe(true);
      const found = thetaOf(join(steps, 'step-1000'));
      found.flat().forEach((value, i) => {
        expect(value).toBeCloseTo(expected.flat()[i] ?? NaN, 5);
      });
    },
  );
});

/** W over b: 3 x 3. */
function thetaOf(checkpoint: string): Matrix {
  const values = [...readCheckpoint(checkpoint).values()].flatMap((tensor) => [...tensor.values]);
  expect(values).toHaveLength(9);
  return [values.slice(0, 3), values.slice(3, 6), values.slice(6, 9)];
}

/** Gradient descent on least squares in closed form: powers of one matrix, by repeated squaring, in double precision. */
function descended(theta: Matrix, steps: number): Matrix {
  const [rate, z, y] = [
    0.01,
    [
      [1, 2, 1],
      [3, 4, 1],
    ],
    [1, 0],
  ];
  const mean = (of: (row: readonly number[], label: number) => number): number =>
    z.reduce((sum, row, i) => sum + of(row, y[i] ?? NaN), 0) / z.length;
  const at = (row: readonly number[], i: number): number => row[i] ?? NaN;
  // (theta, 1) -> ((I - a H) theta + a c, 1), as one matrix of 4 x 4.
  const step = [0, 1, 2].map((i) => [
    ...[0, 1, 2].map((j) => (i === j ? 1 : 0) - rate * mean((row) => at(row, i) * at(row, j))),
    rate * mean((row, label) => at(row, i) * label),
  ]);
  const whole = power([...step, [0, 0, 0, 1]], steps);
  return multiply(whole, [...theta, [1, 1, 1]]).slice(0, 3);
}

function power(matrix: Matrix, exponent: number): Matrix {
  if (exponent === 1) return matrix;
  const half = power(matrix, Math.floor(exponent / 2));
  const square = multiply(half, half);
  return exponent % 2 === 1 ? multiply(square, matrix) : square;
}

function multiply(left: Matrix, right: Matrix): Matrix {
  return left.map((row) =>
    (right[0] ?? []).map((_, j) =>
      row.reduce((sum, value, k) => sum + value * (right[k]?.[j] ?? NaN), 0),
    ),
  );
}

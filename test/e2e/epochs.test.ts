import { join } from 'node:path';

import { expect, test } from 'vitest';

import { jobFile, train } from '../support/paceline.ts';
import { openScratch } from '../support/scratch.ts';
import { readCheckpoint } from '../support/weights.ts';

/** By how much the model of `counting.job.ts` says that each example was used: 1 in a full batch of 8, 2 in one of 4. */
async function countsAfter(steps: number): Promise<readonly number[]> {
  using scratch = openScratch();
  const set = [`until.steps=${steps}`, 'until.epochs=99'];
  const job = jobFile('counting.job.ts');
  const { out } = await train(scratch, job, { workers: 3, backend: 'wasm', set });
  const tensors = readCheckpoint(join(out, 'checkpoints', `step-${steps}`));
  return [...tensors.values()].flatMap(({ values }) => [...values]);
}

const total = (counts: readonly number[]): number => counts.reduce((sum, count) => sum + count, 0);

test('an epoch uses each of its 20 examples exactly once, 4 of them in the shorter last batch', async () => {
  const counts = await countsAfter(3);
  expect(counts.filter((count) => count === 1)).toHaveLength(16);
  expect(counts.filter((count) => count === 2)).toHaveLength(4);
  expect(counts).toHaveLength(20);
});

test('five epochs use each example exactly five times', async () => {
  const counts = await countsAfter(15);
  // Once an epoch for 1, or for 2 in its last batch: between 5 and 10, and 5 x (16 + 4 x 2) in all.
  expect(counts.every((count) => count >= 5 && count <= 10)).toBe(true);
  expect(total(counts)).toBe(120);
});

test('a run that ends within an epoch has used no example twice', async () => {
  const counts = await countsAfter(2);
  expect(counts.filter((count) => count === 1)).toHaveLength(16);
  expect(counts.filter((count) => count === 0)).toHaveLength(4);
});

import { join } from 'node:path';

import { expect, test } from 'vitest';

import { items, newcomers, noise, ratingAt, users } from '../../examples/recommender/ratings.ts';
import { describeEachBackend } from '../support/backends.ts';
import { exampleFile, keepCheckpoints, trainWithEveryCount } from '../support/examples.ts';
import { train } from '../support/paceline.ts';
import { openScratch } from '../support/scratch.ts';
import { readCheckpoint, rowsOf } from '../support/weights.ts';

const file = exampleFile('recommender/job.ts');
const tables = ['user_factors', 'item_factors', 'user_bias', 'item_bias'].map(
  (name) => `${name}/embeddings`,
);

describeEachBackend((backend, testBackend) => {
  testBackend('recommender: the same bits for 1, 2, 3 and 5 workers', async () => {
    using scratch = openScratch();
    await trainWithEveryCount(scratch, file, { backend, set: ['until.steps=10'] });
  });
});

test('recommender: held-out ratings are foretold up to their noise, and nobody without a rating is touched', async () => {
  using scratch = openScratch();
  const { out, end, evaluations } = await train(scratch, file, {
    workers: 2,
    set: [keepCheckpoints],
  });
  expect(end.steps).toBe(354);
  // What can be foretold varies much more than what cannot; 2,000 numbers from 30,000 ratings cost some 7 %.
  expect(varianceOfRatings()).toBeGreaterThan(5 * noise ** 2);
  const error = evaluations.at(-1)?.loss ?? NaN;
  expect(error).toBeGreaterThan(0.9 * noise ** 2);
  expect(error).toBeLessThan(1.15 * noise ** 2);

  const [before, after] = ['step-0', 'step-354'].map((step) =>
    readCheckpoint(join(out, 'checkpoints', step)),
  );
  if (before === undefined || after === undefined) throw new Error('no checkpoints');
  for (const [name, count] of [users, items, users, items].map((n, i) => [tables[i], n] as const)) {
    const [old, trained] = [rowsOf(before, name ?? ''), rowsOf(after, name ?? '')];
    expect(trained).toHaveLength(count);
    expect(trained.slice(-newcomers)).toEqual(old.slice(-newcomers));
    const seen = trained.slice(0, -newcomers);
    expect(seen.filter((row, i) => String(row) === String(old[i]))).toEqual([]);
  }
});

function varianceOfRatings(): number {
  const ratings = Array.from({ length: 30_000 }, (_, i) => ratingAt(i).rating);
  const mean = ratings.reduce((sum, rating) => sum + rating, 0) / ratings.length;
  return ratings.reduce((sum, rating) => sum + (rating - mean) ** 2, 0) / ratings.length;
}

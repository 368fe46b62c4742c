import { expect, test } from 'vitest';

import { bitsOf, jobFile, train } from '../support/paceline.ts';
import type { FinishedRun } from '../support/paceline.ts';
import { openScratch } from '../support/scratch.ts';
import type { Scratch } from '../support/scratch.ts';

const job = jobFile('small.job.ts');

/** With one worker, and with three. */
function trainBoth(
  scratch: Scratch,
  set: readonly string[],
): Promise<readonly [FinishedRun, FinishedRun]> {
  return Promise.all([
    train(scratch, job, { workers: 1, backend: 'wasm', set }),
    train(scratch, job, { workers: 3, backend: 'wasm', set }),
  ]);
}

test.each([8, 6, 5, 1])(
  'a batch in %i microbatches gives the same bits for 1 and 3 workers, the shorter last batch included',
  async (microbatches) => {
    using scratch = openScratch();
    const set = [`microbatches=${microbatches}`];
    const [alone, together] = await trainBoth(scratch, set);
    expect(alone.end.steps).toBe(12);
    expect(bitsOf(together)).toEqual(bitsOf(alone));
  },
);

test('microbatches that the last batch leaves empty change nothing', async () => {
  using scratch = openScratch();
  // 22 examples in batches of 9: the last has 4, and half of its 8 microbatches are empty.
  const set = ['batchSize=9', 'microbatches=8'];
  const [alone, together] = await trainBoth(scratch, set);
  expect(bitsOf(together)).toEqual(bitsOf(alone));
});

test('a bucket smaller than a tensor, and one that holds the whole model, give the same bits', async () => {
  using scratch = openScratch();
  const [small, large] = await Promise.all(
    [64, 1_048_576].map((bytes) =>
      train(scratch, job, { workers: 1, backend: 'wasm', set: [`bucketBytes=${bytes}`] }),
    ),
  );
  expect(small && bitsOf(small)).toEqual(large && bitsOf(large));
});

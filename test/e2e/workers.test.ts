import { expect } from 'vitest';

import { describeEachBackend } from '../support/backends.ts';
import { writeDigits } from '../support/digits.ts';
import { bitsOf, jobFile, train } from '../support/paceline.ts';
import type { TrainOptions } from '../support/paceline.ts';
import { openScratch } from '../support/scratch.ts';
import type { Scratch } from '../support/scratch.ts';

/** What each number of workers came to: the same for all is one entry. */
async function distinctBits(
  scratch: Scratch,
  job: string,
  { counts, ...options }: Omit<TrainOptions, 'workers'> & { readonly counts: readonly number[] },
): Promise<readonly object[]> {
  const seen = new Map<string, object>();
  for (const workers of counts) {
    const bits = bitsOf(await train(scratch, job, { workers, ...options }));
    seen.set(JSON.stringify(bits), bits);
  }
  return [...seen.values()];
}

const sha256 = expect.stringMatching(/^[0-9a-f]{64}$/) as string;

describeEachBackend((backend, test) => {
  test('mnist-mlp gives the same bits for 1, 2, 3, 5 and 8 workers', async () => {
    using scratch = openScratch();
    const digits = writeDigits(`${scratch.path}/digits`, { train: 600, test: 100 });
    const set = [`data.path=${digits}`, 'until.steps=12', 'until.epochs=9'];
    const bits = await distinctBits(scratch, 'mnist-mlp', {
      counts: [1, 2, 3, 5, 8],
      backend,
      set,
    });
    expect(bits).toMatchObject([{ weightsSha256: sha256 }]);
  });

  test('mnist-mlp on the real digits gives the same bits for 1 and 3 workers', async () => {
    using scratch = openScratch();
    const set = ['until.steps=20'];
    const bits = await distinctBits(scratch, 'mnist-mlp', { counts: [1, 3], backend, set });
    expect(bits).toMatchObject([{ weightsSha256: sha256 }]);
  });

  test('mnist-cnn gives the same bits for 1, 2, 3 and 5 workers, over epochs with a shorter last batch', async () => {
    using scratch = openScratch();
    const digits = writeDigits(`${scratch.path}/digits`, { train: 90, test: 40 });
    const set = [
      `data.path=${digits}`,
      'batchSize=40',
      'evaluation.batchSize=16',
      'until.epochs=2',
    ];
    const bits = await distinctBits(scratch, 'mnist-cnn', { counts: [1, 2, 3, 5], backend, set });
    expect(bits).toMatchObject([{ weightsSha256: sha256 }]);
  });

  test('dropout, batch normalisation and a frozen layer give the same bits for 1, 2 and 3 workers', async () => {
    using scratch = openScratch();
    const set = [`data.path=${writeDigits(`${scratch.path}/digits`, { train: 150, test: 60 })}`];
    const job = jobFile('layers.job.ts');
    const bits = await distinctBits(scratch, job, { counts: [1, 2, 3], backend, set });
    expect(bits).toMatchObject([{ weightsSha256: sha256, stateSha256: sha256 }]);
  });
});

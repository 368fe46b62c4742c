import { join } from 'node:path';

import { expect, test } from 'vitest';

import { describeEachBackend } from '../support/backends.ts';
import { readDigits, writeDigits, writeFirstDigits } from '../support/digits.ts';
import { exampleFile, trainWithEveryCount } from '../support/examples.ts';
import { train } from '../support/paceline.ts';
import { leastLinearError } from '../support/principal-components.ts';
import { openScratch } from '../support/scratch.ts';

describeEachBackend((backend, testBackend) => {
  for (const name of ['job', 'linear']) {
    testBackend(`autoencoder: ${name}.ts has the same bits for 1, 2, 3 and 5 workers`, async () => {
      using scratch = openScratch();
      const set = [`data.path=${writeDigits(join(scratch.path, 'digits'))}`, 'batchSize=64'];
      await trainWithEveryCount(scratch, exampleFile(`autoencoder/${name}.ts`), { backend, set });
    });
  }
});

test('autoencoder: a linear one comes to the error of the principal components, a bent one far below it', async () => {
  using scratch = openScratch();
  const digits = 500;
  const folder = writeFirstDigits(join(scratch.path, 'digits'), { train: digits, test: 100 });
  const rest = ['microbatches=4', 'until={"steps":400}', 'evaluation.everyEpochs=400'];
  const set = [`data.path=${folder}`, `batchSize=${digits}`, ...rest];
  const errorOf = async (job: string): Promise<number> => {
    const { end } = await train(scratch, exampleFile(`autoencoder/${job}.ts`), { workers: 2, set });
    return end.loss ?? Number.NaN;
  };
  const least = leastLinearError(picturesIn(folder, digits), 8);
  const linear = await errorOf('linear');
  expect(linear).toBeGreaterThan(0.9999 * least);
  expect(linear).toBeLessThan(1.02 * least);
  expect(await errorOf('job')).toBeLessThan(0.8 * least);
});

/** 14 x 14 numbers in 0..1 for each digit: means of four pixels. */
function picturesIn(folder: string, digits: number): readonly Float64Array[] {
  const { pixels } = readDigits(folder, 'train');
  return Array.from({ length: digits }, (_, digit) =>
    Float64Array.from({ length: 196 }, (_cell, i) => {
      const corner = digit * 784 + Math.floor(i / 14) * 56 + (i % 14) * 2;
      const four = [0, 1, 28, 29].map((offset) => pixels[corner + offset] ?? Number.NaN);
      return four.reduce((sum, pixel) => sum + pixel, 0) / 4 / 255;
    }),
  );
}

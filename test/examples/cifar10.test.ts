import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

import { expect, test } from 'vitest';

import { describeEachBackend } from '../support/backends.ts';
import { exampleFile, longDeadlineMs, trainWithEveryCount } from '../support/examples.ts';
import { train } from '../support/paceline.ts';
import { openScratch } from '../support/scratch.ts';

const file = exampleFile('cifar10/job.ts');

describeEachBackend((backend, testBackend) => {
  testBackend('cifar10: the same bits for 1, 2, 3 and 5 workers', async () => {
    using scratch = openScratch();
    const folder = writePictures(join(scratch.path, 'pictures'), 10);
    // Of 50 pictures an epoch has two batches, the second a short one.
    const set = [`data.path=${folder}`, 'batchSize=32', 'microbatches=4', 'until.epochs=2'];
    await trainWithEveryCount(scratch, file, { backend, set });
  });
});

test('cifar10: tells things apart after a few steps with the real pictures', async () => {
  using scratch = openScratch();
  const set = ['until={"steps":60}', 'schedule.lengthSteps=60', 'batchSize=64'];
  const { evaluations } = await train(scratch, file, {
    workers: 2,
    set,
    deadlineMs: longDeadlineMs,
  });
  // One in ten by chance.
  expect(evaluations.at(-1)?.metrics['accuracy']).toBeGreaterThan(0.3);
});

/** The "binary version" of CIFAR-10 with a few pictures a file: a label, and 1,024 bytes of each colour. */
function writePictures(folder: string, each: number): string {
  mkdirSync(folder);
  const names = [1, 2, 3, 4, 5].map((n) => `data_batch_${n}.bin`);
  [...names, 'test_batch.bin'].forEach((name, batch) => {
    const pictures = Array.from({ length: each }, (_, i) => {
      const label = (i + batch) % 10;
      const colours = Array.from({ length: 3072 }, (_byte, k) => (k * (label + 3) + i * 31) % 256);
      return [label, ...colours];
    });
    writeFileSync(join(folder, name), Uint8Array.from(pictures.flat()));
  });
  return folder;
}

import { join } from 'node:path';

import { expect, test } from 'vitest';

import { describeEachBackend } from '../support/backends.ts';
import { writeDigits } from '../support/digits.ts';
import { exampleFile, longDeadlineMs, trainWithEveryCount } from '../support/examples.ts';
import { train } from '../support/paceline.ts';
import { openScratch } from '../support/scratch.ts';

/** After two epochs of the one and one of the other. */
const jobs = [
  { name: 'mlp', least: 0.97 },
  { name: 'cnn', least: 0.98 },
];

describeEachBackend((backend, testBackend) => {
  for (const { name } of jobs) {
    testBackend(`mnist: ${name} has the same bits for 1, 2, 3 and 5 workers`, async () => {
      using scratch = openScratch();
      const digits = writeDigits(join(scratch.path, 'digits'));
      const set = [
        `data.path=${digits}`,
        'batchSize=60',
        'microbatches=5',
        'until.steps=5',
        'until.epochs=2',
      ];
      await trainWithEveryCount(scratch, exampleFile(`mnist/${name}.ts`), { backend, set });
    });
  }
});

for (const { name, least } of jobs) {
  test(`mnist: ${name} knows ${least * 100} % of the test digits at its end`, async () => {
    using scratch = openScratch();
    const job = exampleFile(`mnist/${name}.ts`);
    const { evaluations } = await train(scratch, job, {
      workers: 2,
      deadlineMs: longDeadlineMs,
    });
    expect(evaluations.at(-1)?.metrics['accuracy']).toBeGreaterThan(least);
  });
}

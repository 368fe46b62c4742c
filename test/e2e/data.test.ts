import { writeFileSync } from 'node:fs';
import { join } from 'node:path';

import type { ArrayPair, ArraysData } from 'paceline';
import { describe, expect, test } from 'vitest';

import { bitsOf, jobFile, train } from '../support/paceline.ts';
import { openScratch } from '../support/scratch.ts';
import { smallJob } from './jobs/small-job.ts';

const { train: trained, test: tested } = smallJob().data as ArraysData;

/** Rows of label and inputs: the inputs are multiples of an eighth, which decimals say exactly. */
function rowsOf({ x, y }: ArrayPair): string {
  const [inputs, labels] = [x as number[][], y as number[][]];
  const rows = inputs.map((row, i) => [labels[i]?.indexOf(1), ...row].join(','));
  return `${rows.join('\r\n')}\r\n`;
}

describe('the same examples give the same bits', () => {
  test.each(['later.job.ts', 'rows.job.ts'])(
    'from %s as from arrays, with 1 and 3 workers',
    async (job) => {
      using scratch = openScratch();
      writeFileSync(join(scratch.path, 'train.csv'), rowsOf(trained));
      if (tested !== undefined) writeFileSync(join(scratch.path, 'test.csv'), rowsOf(tested));
      const options = { backend: 'wasm', workers: 1 } as const;
      const expected = await train(scratch, jobFile('small.job.ts'), options);
      for (const workers of [1, 3]) {
        const run = await train(scratch, jobFile(job), { ...options, workers });
        expect(bitsOf(run)).toEqual(bitsOf(expected));
        expect(run.evaluations.map(({ loss }) => loss)).toEqual(
          expected.evaluations.map(({ loss }) => loss),
        );
      }
    },
  );
});

import { once } from 'node:events';
import { writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';

import type { ArrayPair, ArraysData } from 'paceline';
import { describe, expect, test } from 'vitest';

import { bitsOf, finished, jobFile, startTraining, train } from '../support/paceline.ts';
import { openScratch } from '../support/scratch.ts';
import { smallJob } from './jobs/small-job.ts';

/** Serves a text, as a whole, to whatever is asked. */
async function serveText(text: string): Promise<{ url: string } & AsyncDisposable> {
  const server = createServer((_, response) => {
    response.setHeader('etag', '"one"').end(text);
  });
  await once(server.listen(0, '127.0.0.1'), 'listening');
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/train.csv`,
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      await once(server.close(), 'close');
    },
  };
}

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

describe('what is drawn and left out is the same for every number of workers', () => {
  test('of images that are changed each time that they are read', async () => {
    using scratch = openScratch();
    const options = { backend: 'wasm', workers: 1 } as const;
    const job = jobFile('augmented.job.ts');
    const one = await train(scratch, job, options);
    const three = await train(scratch, job, { ...options, workers: 3 });
    expect(bitsOf(three)).toEqual(bitsOf(one));
    const otherwise = { ...options, set: ['data.augment.cutout=1'] };
    expect(bitsOf(await train(scratch, job, otherwise))).not.toEqual(bitsOf(one));
  });

  test('of rows of a server on the web', async () => {
    using scratch = openScratch();
    await using web = await serveText(rowsOf(trained));
    scratch.env['PACELINE_CACHE'] = join(scratch.path, 'cache');
    const options = { backend: 'wasm', set: [`data.train=${web.url}`] } as const;
    const job = jobFile('web.job.ts');
    const alone = startTraining(scratch, job, { ...options, workers: 1, flags: ['--verbose'] });
    const one = await finished(alone);
    const three = await train(scratch, job, { ...options, workers: 3 });
    expect(bitsOf(three)).toEqual(bitsOf(one));
    expect(alone.errors()).toMatch(/1 example was left out by data\.where/);
    expect(alone.errors()).toMatch(/training data: 5 examples were left out by data\.filter/);
  });
});

import { join } from 'node:path';

import { expect, test } from 'vitest';

import { startServer, startWorker } from '../support/cluster.ts';
import type { StartWorkerOptions } from '../support/cluster.ts';
import { writeDigits } from '../support/digits.ts';
import { finished, jobFile } from '../support/paceline.ts';
import { openScratch } from '../support/scratch.ts';
import type { Scratch } from '../support/scratch.ts';

interface Refusal {
  /** What the server trains. */
  readonly job: string;
  readonly set?: readonly string[];
  readonly right: Omit<StartWorkerOptions, 'name'>;
  /** The worker whose job is another one. */
  readonly wrong: Omit<StartWorkerOptions, 'name'>;
}

/** Two right workers train; a wrong one comes between them, is refused, and must not disturb them. */
async function refuse(
  scratch: Scratch,
  { job, set = [], right, wrong }: Refusal,
): Promise<{ readonly exitCode: number; readonly errors: string }> {
  const flags = ['--min-workers', '2'];
  const { server, url } = await startServer(scratch, { job, backend: 'wasm', set, flags });
  const first = startWorker(scratch, url, { name: 'first', ...right });
  await server.event('worker', ({ event }) => event === 'joined');
  const other = startWorker(scratch, url, { name: 'other', ...wrong });
  const exitCode = await other.exit();
  const second = startWorker(scratch, url, { name: 'second', ...right });
  const { end } = await finished(server);
  expect(end.status).toBe('finished');
  expect(await Promise.all([first.exit(), second.exit()])).toEqual([0, 0]);
  expect(scratch.leftovers()).toEqual([]);
  return { exitCode, errors: other.errors() };
}

const jobOf = (name: string): Omit<StartWorkerOptions, 'name'> => ({
  flags: ['--job', jobFile(name)],
});

test('a worker whose model has another activation is refused with the layer and both', async () => {
  using scratch = openScratch();
  const { exitCode, errors } = await refuse(scratch, {
    job: jobFile('small.job.ts'),
    right: jobOf('small.job.ts'),
    wrong: jobOf('another-activation.job.ts'),
  });
  expect(errors.trim().split('\n').at(-1)).toMatch(
    /^error: .*activation: the run has "relu", this worker has "tanh"/,
  );
  expect(exitCode).toBe(2);
});

test('a worker whose job file has another learning rate is refused with the field and both', async () => {
  using scratch = openScratch();
  const { exitCode, errors } = await refuse(scratch, {
    job: jobFile('small.job.ts'),
    right: jobOf('small.job.ts'),
    wrong: jobOf('another-learning-rate.job.ts'),
  });
  expect(errors.trim().split('\n').at(-1)).toMatch(
    /^error: .*optimizer\.learningRate: the run has 0.1, this worker has 0.2/,
  );
  expect(exitCode).toBe(2);
});

test('a worker whose data are others, in files of the same name, is refused with the split', async () => {
  using scratch = openScratch();
  const folder = (name: string, seed: number): string => {
    writeDigits(join(scratch.path, name, 'digits'), { seed });
    return join(scratch.path, name);
  };
  const { exitCode, errors } = await refuse(scratch, {
    job: 'mnist-mlp',
    set: ['data.path=digits', 'until.steps=2'],
    right: { directory: folder('right', 1) },
    wrong: { directory: folder('wrong', 2) },
  });
  expect(errors.trim().split('\n').at(-1)).toMatch(
    /^error: .*data split train\.digest: the run has/,
  );
  expect(exitCode).toBe(2);
});

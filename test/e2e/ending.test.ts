import { existsSync } from 'node:fs';
import { join } from 'node:path';

import { expect, test } from 'vitest';

import { pidOf } from '../support/faults.ts';
import { jobFile, startTraining } from '../support/paceline.ts';
import type { PacelineProcess } from '../support/paceline.ts';
import { openScratch } from '../support/scratch.ts';
import type { Scratch } from '../support/scratch.ts';

/** A run that would go on for hours. */
function startLongRun(scratch: Scratch): PacelineProcess & { readonly out: string } {
  const set = ['until.epochs=1000000'];
  const options = { workers: 2, backend: 'wasm', set } as const;
  return startTraining(scratch, jobFile('small.job.ts'), options);
}

test.each([
  { signal: 'SIGINT', code: 130, words: 'Ctrl-C' },
  { signal: 'SIGTERM', code: 143, words: 'SIGTERM' },
] as const)(
  '$words ends a run within 3 s: code $code, a checkpoint, and nothing left behind',
  async ({ signal, code }) => {
    using scratch = openScratch();
    const running = startLongRun(scratch);
    await running.event('step', ({ step }) => step >= 50);
    running.kill(signal);
    expect(await running.exit(3_000)).toBe(code);
    const end = await running.event('end');
    expect(end.status).toBe('interrupted');
    const checkpoint = join(running.out, 'checkpoints', `step-${end.steps}`);
    expect(existsSync(join(checkpoint, 'parameters.safetensors'))).toBe(true);
    expect(scratch.leftovers()).toEqual([]);
  },
);

test('SIGTERM for every process of a run at once, as Slurm and systemd send it, ends it as well', async () => {
  using scratch = openScratch();
  const running = startLongRun(scratch);
  await running.event('step', ({ step }) => step >= 50);
  for (const name of ['server', 'w1', 'w2']) process.kill(pidOf(running.events, name), 'SIGTERM');
  running.kill('SIGTERM');
  expect(await running.exit(3_000)).toBe(143);
  const end = await running.event('end');
  expect(end.status).toBe('interrupted');
  expect(existsSync(join(running.out, 'checkpoints', `step-${end.steps}`))).toBe(true);
  expect(scratch.leftovers()).toEqual([]);
});

test('Ctrl-C while the workers are still loading ends the run within 3 s and leaves nothing behind', async () => {
  using scratch = openScratch();
  const running = startLongRun(scratch);
  await running.event('server', ({ event }) => event === 'started');
  running.kill('SIGINT');
  expect(await running.exit(3_000)).toBe(130);
  expect(scratch.leftovers()).toEqual([]);
});

test('a second Ctrl-C kills at once, and leaves nothing behind', async () => {
  using scratch = openScratch();
  const running = startLongRun(scratch);
  await running.event('step', ({ step }) => step >= 10);
  running.kill('SIGINT');
  running.kill('SIGINT');
  expect(await running.exit(3_000)).toBe(130);
  expect(scratch.leftovers()).toEqual([]);
});

test('when the launcher is killed, server and workers end by themselves and take the socket with them', async () => {
  using scratch = openScratch();
  const running = startLongRun(scratch);
  await running.event('step', ({ step }) => step >= 10);
  running.kill('SIGKILL');
  await running.exit();
  await expect.poll(() => scratch.leftovers(), { timeout: 10_000, interval: 100 }).toEqual([]);
});

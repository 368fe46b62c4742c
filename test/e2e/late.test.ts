import { expect, test } from 'vitest';

import { freePort, startServer, startWorker } from '../support/cluster.ts';
import { jobFile, runPaceline, train } from '../support/paceline.ts';
import { openScratch } from '../support/scratch.ts';

const job = { job: 'linear-regression', backend: 'cpu', set: ['until.steps=6'] } as const;

test('a worker that comes after the end is told so and ends well, also when the server was started again', async () => {
  using scratch = openScratch();
  const flags = ['--linger', 'forever'];
  const first = await startServer(scratch, { ...job, flags });
  const worker = startWorker(scratch, first.url, { name: 'w1' });
  await first.server.event('end');
  expect(await worker.exit()).toBe(0);
  expect(await startWorker(scratch, first.url, { name: 'late' }).exit()).toBe(0);
  first.server.kill('SIGTERM');
  expect(await first.server.exit()).toBe(0);

  const again = await startServer(scratch, { ...job, flags });
  expect(await startWorker(scratch, again.url, { name: 'later' }).exit()).toBe(0);
  const status = await runPaceline(scratch, ['status', again.url]);
  expect(status.output).toMatch(/^linear-regression: over, step 6 of 6/);
  expect((await runPaceline(scratch, ['stop', again.url])).exitCode).toBe(0);
  expect(await again.server.exit()).toBe(0);
  expect(scratch.leftovers()).toEqual([]);
});

test('a server that gets SIGTERM hands its run on: the workers stay, with their models, for the next one', async () => {
  using scratch = openScratch();
  const set = ['until.steps=600', 'until.epochs=1000000', 'checkpoint.everySteps=1000'];
  const backend = 'wasm';
  const small = {
    job: jobFile('small.job.ts'),
    backend,
    set,
    listen: `127.0.0.1:${await freePort()}`,
    flags: ['--min-workers', '2'],
  } as const;
  const first = await startServer(scratch, small);
  const flags = ['--job', small.job];
  const workers = ['w1', 'w2'].map((name) => startWorker(scratch, first.url, { name, flags }));
  await first.server.event('step', ({ step, workers: here }) => step >= 100 && here === 2);
  first.server.kill('SIGTERM');
  const { steps, status } = await first.server.event('end');
  expect([status, await first.server.exit()]).toEqual(['interrupted', 143]);

  const second = await startServer(scratch, small);
  const { resumedAt } = await second.server.event('start');
  expect(resumedAt).toBe(steps);
  const end = await second.server.event('end');
  expect([end.status, await second.server.exit()]).toEqual(['finished', 0]);
  for (const worker of workers) {
    expect(await worker.exit()).toBe(0);
    expect(worker.errors()).toMatch(/lost the server \(SIGTERM; another server may go on\)/);
  }
  const steady = await train(scratch, small.job, { workers: 1, backend, set });
  expect(end.weightsSha256).toBe(steady.end.weightsSha256);
  expect(scratch.leftovers()).toEqual([]);
});

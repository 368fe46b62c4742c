import { expect, test } from 'vitest';

import { startServer, startWorker } from '../support/cluster.ts';
import { runPaceline } from '../support/paceline.ts';
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

import { expect, test } from 'vitest';

import { describeEachBackend } from '../support/backends.ts';
import { freePort, startServer, startWorker } from '../support/cluster.ts';
import type { Cluster } from '../support/cluster.ts';
import { writeDigits } from '../support/digits.ts';
import { finished, startTraining, train } from '../support/paceline.ts';
import type { FinishedRun, PacelineProcess } from '../support/paceline.ts';
import { openScratch } from '../support/scratch.ts';
import type { Scratch } from '../support/scratch.ts';

const job = 'mnist-mlp';

/** A run of 12 steps on a little data set. */
const settings = (scratch: Scratch, steps = 12): readonly string[] => [
  `data.path=${writeDigits(`${scratch.path}/digits`)}`,
  'batchSize=48',
  'microbatches=8',
  `until.steps=${steps}`,
  'until.epochs=1000',
];

const weightsOf = ({ end }: FinishedRun): string | undefined => end.weightsSha256;

/** The end of a run whose processes were started by hand: all of them end by themselves, with code 0. */
async function outcome(
  { server }: Cluster,
  workers: readonly PacelineProcess[],
): Promise<FinishedRun> {
  const run = await finished(server);
  const codes = await Promise.all(workers.map((worker) => worker.exit()));
  expect(codes).toEqual(workers.map(() => 0));
  return run;
}

describeEachBackend((backend, testBackend) => {
  testBackend(
    'server and workers started by hand over TCP, in any order, give the bits of a local run',
    async () => {
      using scratch = openScratch();
      const set = settings(scratch);
      const listen = `127.0.0.1:${await freePort()}`;
      const early = startWorker(scratch, `ws://${listen}`, { name: 'early' });
      const flags = ['--min-workers', '2'];
      const cluster = await startServer(scratch, { job, backend, set, listen, flags });
      const late = startWorker(scratch, cluster.url, { name: 'late' });
      const byHand = await outcome(cluster, [early, late]);
      const local = await train(scratch, job, { workers: 1, backend, set });
      expect(weightsOf(byHand)).toBe(weightsOf(local));
      expect(scratch.leftovers()).toEqual([]);
    },
  );

  testBackend(
    'a worker that joins at step 50 and one that leaves at step 80 change nothing',
    async () => {
      using scratch = openScratch();
      const set = settings(scratch, 120);
      const flags = ['--every', '1', '--hold-at', '50', '--hold-at', '80'];
      const cluster = await startServer(scratch, { job, backend, set, flags });
      const { server, url } = cluster;
      const first = startWorker(scratch, url, { name: 'first' });
      await server.event('step', ({ step }) => step === 50);
      const second = startWorker(scratch, url, { name: 'second' });
      await server.event(
        'worker',
        (event) => event.event === 'joined' && event.worker === 'second',
      );
      await cluster.resume();
      await server.event('step', ({ step, workers }) => step === 80 && workers === 2);
      first.kill('SIGTERM');
      expect(await first.exit()).toBe(0);
      await server.event('worker', (event) => event.event === 'left' && event.worker === 'first');
      await cluster.resume();
      const changing = await outcome(cluster, [second]);
      const steady = await train(scratch, job, { workers: 1, backend, set });
      expect(changing.end.steps).toBe(120);
      expect(weightsOf(changing)).toBe(weightsOf(steady));
    },
  );
});

test('a worker that joins or leaves in the middle of a step changes nothing', async () => {
  using scratch = openScratch();
  const set = settings(scratch, 250);
  const cluster = await startServer(scratch, { job, backend: 'wasm', set });
  const { server, url } = cluster;
  const first = startWorker(scratch, url, { name: 'first' });
  await server.event('step', ({ step }) => step >= 10);
  const second = startWorker(scratch, url, { name: 'second' });
  await server.event('step', ({ workers }) => workers === 2);
  first.kill('SIGTERM');
  expect(await first.exit()).toBe(0);
  const changing = await outcome(cluster, [second]);
  const steady = await train(scratch, job, { workers: 1, backend: 'wasm', set });
  expect(weightsOf(changing)).toBe(weightsOf(steady));
});

test('a worker that is killed in the middle of a run is replaced, and changes nothing', async () => {
  using scratch = openScratch();
  const set = settings(scratch, 150);
  const running = startTraining(scratch, job, { workers: 2, backend: 'wasm', set });
  const { pid } = await running.event('worker', ({ event }) => event === 'joined');
  await running.event('step', ({ step }) => step >= 10);
  process.kill(pid, 'SIGKILL');
  await running.event('worker', (event) => event.event === 'left' && event.pid === pid);
  const disturbed = await finished(running);
  const steady = await train(scratch, job, { workers: 1, backend: 'wasm', set });
  expect(weightsOf(disturbed)).toBe(weightsOf(steady));
  expect(scratch.leftovers()).toEqual([]);
});

import { setTimeout } from 'node:timers/promises';

import { expect, test } from 'vitest';

import { startServer, startWorker } from '../support/cluster.ts';
import { writeDigits } from '../support/digits.ts';
import { nextEvent } from '../support/faults.ts';
import { bitsOf, finished, runPaceline, train } from '../support/paceline.ts';
import { openProxy } from '../support/proxy.ts';
import type { Proxy } from '../support/proxy.ts';
import { openScratch } from '../support/scratch.ts';
import type { Scratch } from '../support/scratch.ts';

const job = 'mnist-mlp';
const backend = 'wasm';
const steps = 150;

function settings(scratch: Scratch): readonly string[] {
  const digits = writeDigits(`${scratch.path}/digits`);
  return [`data.path=${digits}`, 'batchSize=48', 'until.epochs=1000', `until.steps=${steps}`];
}

test('one of two workers is behind a network that delays, throttles, swallows, changes and cuts: the same bits', async () => {
  using scratch = openScratch();
  const set = settings(scratch);
  // Held before its end, so that the far worker can show that it came back.
  const flags = ['--every', '1', '--hold-at', String(steps - 20)];
  const { server, url } = await startServer(scratch, { job, backend, set, flags });
  await using proxy = await openProxy(url);
  const near = startWorker(scratch, url, { name: 'near' });
  const far = startWorker(scratch, proxy.url, { name: 'far' });
  const isBack = (): Promise<unknown> =>
    nextEvent(server, 'worker', ({ event }) => event === 'joined');
  const until = (step: number): Promise<unknown> => server.event('step', (e) => e.step >= step);

  await server.event('worker', (event) => event.event === 'joined' && event.worker === 'far');
  await until(10);
  proxy.delay(30);
  proxy.throttle(4_000_000);
  await until(20);
  proxy.delay(0);
  proxy.throttle(Infinity);

  for (const fault of [swallow, changeUp, changeDown, cut]) {
    const back = isBack();
    await fault(proxy);
    await back;
  }
  await server.event('hold');
  const { exitCode, errors } = await runPaceline(scratch, ['resume', url]);
  expect([exitCode, errors]).toEqual([0, '']);
  const disturbed = await finished(server);
  expect([await near.exit(), await far.exit()]).toEqual([0, 0]);
  for (const fired of Object.values(proxy.fired)) expect(fired).toBeGreaterThan(0);

  const suspected = disturbed.events.filter(
    (event) => event.type === 'worker' && event.event === 'suspected',
  );
  expect(suspected).toMatchObject([{ worker: 'far' }]);
  const steady = await train(scratch, job, { workers: 1, backend, set });
  expect(bitsOf(disturbed)).toEqual(bitsOf(steady));
  expect(scratch.leftovers()).toEqual([]);
});

/** Bytes vanish until both sides have given the connection up. */
async function swallow(proxy: Proxy): Promise<void> {
  expect(proxy.halfOpen()).toBe(1);
  await setTimeout(4000);
  proxy.resume();
  // The worker would notice after its own limit; here it is told by a reset, as a router does that comes back.
  proxy.cut();
}

function changeUp(proxy: Proxy): Promise<void> {
  proxy.corrupt(64, 'up');
  return Promise.resolve();
}

function changeDown(proxy: Proxy): Promise<void> {
  proxy.corrupt(64, 'down');
  return Promise.resolve();
}

function cut(proxy: Proxy): Promise<void> {
  expect(proxy.cut()).toBeGreaterThan(0);
  return Promise.resolve();
}

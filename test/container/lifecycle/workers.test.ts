import { setTimeout } from 'node:timers/promises';
import { beforeAll, describe, expect } from 'vitest';
import { type Cluster, openCluster } from '../cluster/cluster.ts';
import { undisturbedWeights } from '../cluster/undisturbed.ts';
import type { WatchedContainer } from '../cluster/watched.ts';
import { sharedEngine, testContainer } from '../shared-engine.ts';

/** The run waits there until the worker that was disturbed is back: the end comes when all was seen. */
const holdAt = 150;
const hold = ['--hold-at', String(holdAt)];
let weights = '';

beforeAll(async () => {
  weights = await undisturbedWeights();
});

/** Starts a server and workers, which train from when all are there. */
const startRun = async (cluster: Cluster, names: readonly string[]) => {
  const flags = [...hold, '--min-workers', String(names.length)];
  const server = await cluster.startServer({ flags });
  const workers = await Promise.all(names.map((name) => cluster.startWorker(name)));
  return { server, workers: new Map(workers.map((worker, i) => [names[i], worker])) };
};

/** Waits for the hold, passes it, and for the end: finished, with the bits of the undisturbed run. */
const expectTheSameBits = async (cluster: Cluster, server: WatchedContainer): Promise<void> => {
  await server.event('hold');
  await cluster.ask('POST', '/control/resume');
  expect(await server.event('end')).toMatchObject({ status: 'finished', weightsSha256: weights });
  expect(await server.end()).toEqual({ exitCode: 0, isOomKilled: false });
};

const stepDone = (server: WatchedContainer, step: number) =>
  server.event('step', (event) => event.step >= step);

const of = (name: string, what: string) => (event: { worker: string; event: string }) =>
  event.worker === name && event.event === what;

describe.concurrent('a server and three workers in containers have the bits of a local run', () => {
  testContainer('when a worker is killed and another takes its place', async () => {
    await using cluster = await openCluster();
    const { server, workers } = await startRun(cluster, ['w1', 'w2', 'w3']);
    await stepDone(server, 20);
    await workers.get('w2')?.act('kill');
    const { step } = await server.event('step', () => true, server.events.length);
    expect(step).toBeLessThan(holdAt);
    await server.event('worker', of('w2', 'left'));
    expect(await workers.get('w2')?.end()).toEqual({ exitCode: 137, isOomKilled: false });
    await cluster.startWorker('w4');
    await server.event('worker', of('w4', 'joined'));
    await expectTheSameBits(cluster, server);
  });

  testContainer('when a worker is paused for 20 s', async () => {
    await using cluster = await openCluster();
    const { server, workers } = await startRun(cluster, ['w1', 'w2', 'w3']);
    await stepDone(server, 20);
    await workers.get('w2')?.act('pause');
    const pausedMs = performance.now();
    // Its connection stays open: only its silence tells.
    await server.event('worker', of('w2', 'suspected'));
    expect(performance.now() - pausedMs).toBeLessThan(10_000);
    await setTimeout(20_000 - (performance.now() - pausedMs));
    const before = server.events.length;
    await workers.get('w2')?.act('unpause');
    await server.event('worker', of('w2', 'joined'), before);
    await expectTheSameBits(cluster, server);
  });

  testContainer('when a worker loses its network and finds it again', async () => {
    await using cluster = await openCluster();
    const { docker } = sharedEngine();
    const { server, workers } = await startRun(cluster, ['w1', 'w2', 'w3']);
    const lost = workers.get('w2')?.id ?? '';
    await stepDone(server, 20);
    await docker(['network', 'disconnect', cluster.network, lost]);
    await server.event('worker', of('w2', 'suspected'));
    const before = server.events.length;
    await docker(['network', 'connect', cluster.network, lost]);
    await server.event('worker', of('w2', 'joined'), before);
    await expectTheSameBits(cluster, server);
  });
});

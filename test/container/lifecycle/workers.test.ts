import { setTimeout } from 'node:timers/promises';
import { beforeAll, describe, expect } from 'vitest';
import { openCluster } from '../cluster/cluster.ts';
import { expectSameBits, middleStep, startRun, worker } from '../cluster/run.ts';
import { undisturbedWeights } from '../cluster/undisturbed.ts';
import type { WatchedContainer } from '../cluster/watched.ts';
import { hasEngine, sharedEngine, testContainer } from '../shared-engine.ts';

beforeAll(async () => {
  if (hasEngine) await undisturbedWeights();
});

describe.concurrent('a server and three workers in containers have the bits of a local run', () => {
  testContainer('when a worker is killed and another takes its place', async () => {
    await using cluster = await openCluster();
    const { server, workers } = await startRun(cluster, [{}, {}, {}]);
    await middleStep(server);
    await workers[1]?.act('kill');
    await server.event('worker', worker('w2', 'left'));
    expect(await workers[1]?.end()).toEqual({ exitCode: 137, isOomKilled: false });
    await cluster.startWorker('w4');
    await server.event('worker', worker('w4', 'joined'));
    await expectSameBits(cluster, server);
  });

  testContainer('when a worker is paused for 20 s', async () => {
    await using cluster = await openCluster();
    const { server, workers } = await startRun(cluster, [{}, {}, {}]);
    await middleStep(server);
    await pause(workers[1]);
    const pausedMs = performance.now();
    // Its connection stays open: only its silence tells.
    await server.event('worker', worker('w2', 'suspected'));
    await setTimeout(20_000 - (performance.now() - pausedMs));
    const before = server.events.length;
    await workers[1]?.act('unpause');
    await server.event('worker', worker('w2', 'joined'), before);
    await expectSameBits(cluster, server);
  });

  testContainer('when a worker loses its network and finds it again', async () => {
    await using cluster = await openCluster();
    const { docker } = sharedEngine();
    const { server, workers } = await startRun(cluster, [{}, {}, {}]);
    const lost = workers[1]?.id ?? '';
    await middleStep(server);
    await docker(['network', 'disconnect', cluster.network.getName(), lost]);
    await server.event('worker', worker('w2', 'suspected'));
    const before = server.events.length;
    await docker(['network', 'connect', cluster.network.getName(), lost]);
    await server.event('worker', worker('w2', 'joined'), before);
    await expectSameBits(cluster, server);
  });

  testContainer('when workers are evicted: with time to leave, and with none', async () => {
    await using cluster = await openCluster();
    const { server, workers } = await startRun(cluster, [{}, {}, {}]);
    await middleStep(server);
    await workers[1]?.act('stop', '--time', '30');
    expect(await workers[1]?.end()).toEqual({ exitCode: 0, isOomKilled: false });
    const left = await server.event('worker', worker('w2', 'left'));
    expect(left.reason).toMatch(/SIGTERM/);
    await workers[2]?.act('stop', '--time', '0'); // SIGKILL right after SIGTERM
    expect(await workers[2]?.end()).toEqual({ exitCode: 137, isOomKilled: false });
    await server.event('worker', worker('w3', 'left'));
    await cluster.startWorker('w4');
    await expectSameBits(cluster, server);
  });

  testContainer('when it is scaled from 1 to 4 and to 2 workers', async () => {
    await using cluster = await openCluster();
    const { server, workers } = await startRun(cluster, [{}]);
    await middleStep(server, 5);
    const more = await Promise.all(['w2', 'w3', 'w4'].map((name) => cluster.startWorker(name)));
    // Not a step of all four: the run may be at its hold before they are there.
    await Promise.all(
      ['w2', 'w3', 'w4'].map((each) => server.event('worker', worker(each, 'joined'))),
    );
    await cluster.ask('POST', '/control/scale', { workers: 2 });
    // The events that say who left, not a status: a worker that leaves is there until its connection ends.
    const first = await server.event('worker', ({ event }) => event === 'left');
    const second = await server.event(
      'worker',
      ({ event, worker: name }) => event === 'left' && name !== first.worker,
    );
    const left = [first.worker, second.worker];
    const gone = [...workers, ...more].filter((_, i) => left.includes(`w${i + 1}`));
    expect(gone).toHaveLength(2);
    for (const each of gone) expect((await each.end()).exitCode).toBe(0);
    await expectSameBits(cluster, server);
  });

  testContainer('when a worker has a tenth of a core', async () => {
    await using cluster = await openCluster();
    const { server, workers } = await startRun(cluster, [{}, { cpu: 0.1 }, {}]);
    await server.event('hold');
    const cpu = ['exec', workers[1]?.id ?? '', 'cat', '/sys/fs/cgroup/cpu/cpu.stat'];
    expect(await sharedEngine().docker(cpu)).toMatch(/^nr_throttled [1-9]/m);
    // Nobody waited for it: what it was late with, others had computed as well.
    const { counters } = (await cluster.ask('GET', '/status.json')) as {
      readonly counters: Readonly<Record<string, number>>;
    };
    expect((counters['late'] ?? 0) + (counters['duplicate'] ?? 0)).toBeGreaterThan(0);
    await expectSameBits(cluster, server);
  });

  testContainer('when a worker that comes has too little memory', async () => {
    await using cluster = await openCluster();
    const { server } = await startRun(cluster, [{}, {}]);
    await middleStep(server);
    const small = await cluster.startWorker('w3', { memoryBytes: 64 * 2 ** 20 });
    expect(await small.end()).toEqual({ exitCode: 137, isOomKilled: true });
    // The kernel gives notice to nobody but the engine; to the server it is one that never came, or left without a word.
    const { workers } = (await cluster.ask('GET', '/status.json')) as {
      readonly workers: readonly { readonly name: string }[];
    };
    expect(workers.map(({ name }) => name).sort()).toEqual(['w1', 'w2']);
    await expectSameBits(cluster, server);
  });
});

/** On a busy machine the engine may give up before all threads are frozen, and says so. */
const pause = async (container: WatchedContainer | undefined): Promise<void> => {
  for (let tries = 1; ; tries++) {
    try {
      await container?.act('pause');
      return;
    } catch (error) {
      if (tries === 5) throw error;
    }
  }
};

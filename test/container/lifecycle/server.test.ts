import { beforeAll, describe, expect } from 'vitest';
import { openCluster } from '../cluster/cluster.ts';
import { expectSameBits, middleStep, startNextServer, startRun, worker } from '../cluster/run.ts';
import { undisturbedWeights } from '../cluster/undisturbed.ts';
import type { WatchedContainer } from '../cluster/watched.ts';
import { buildNewerServer, newerVersion } from '../images/images.ts';
import { hasEngine, sharedEngine, testContainer } from '../shared-engine.ts';

beforeAll(async () => {
  if (hasEngine) await undisturbedWeights();
});

/** After one of its checkpoints, which it makes every 20 steps. */
const later = 50;

describe.concurrent('workers in containers stay, and the bits with them', () => {
  testContainer('when the server is killed and its container started again', async () => {
    await using cluster = await openCluster();
    const { server } = await startRun(cluster, [{}, {}]);
    await middleStep(server, later);
    await server.act('kill');
    expect(await server.end()).toEqual({ exitCode: 137, isOomKilled: false });
    const again = await cluster.startAgain(server);
    await expectResumed(again);
    await expectSameBits(cluster, again);
  });

  testContainer('when the server is replaced by one of a newer image', async () => {
    await using cluster = await openCluster();
    const newer = await buildNewerServer(sharedEngine());
    const { server } = await startRun(cluster, [{}, {}]);
    await middleStep(server, later);
    // As a rolling update does: SIGTERM, time for a checkpoint, the next one behind the same name.
    await server.act('stop', '--time', '30');
    expect(await server.end()).toEqual({ exitCode: 143, isOomKilled: false });
    const { steps } = await server.event('end');
    await server.act('rm');
    const replaced = await startNextServer(cluster, { image: newer });
    expect(await versionOf(replaced)).toBe(newerVersion);
    expect(await expectResumed(replaced)).toBe(steps);
    await expectSameBits(cluster, replaced);
  });

  testContainer('when the server moves to another address behind its name', async () => {
    await using cluster = await openCluster();
    const { server } = await startRun(cluster, [{}, {}]);
    await middleStep(server, later);
    const before = await cluster.addressOf(server.id);
    await server.act('kill');
    await server.act('rm');
    await cluster.takeAddress();
    const moved = await startNextServer(cluster);
    expect(await cluster.addressOf(moved.id)).not.toBe(before);
    await expectResumed(moved);
    await expectSameBits(cluster, moved);
  });
});

const versionOf = async (container: WatchedContainer): Promise<string> => {
  const label = '{{index .Config.Labels "org.opencontainers.image.version"}}';
  return (await container.act('inspect', '--format', label)).trim();
};

/** It went on from a checkpoint, and the workers came to it. Gives the step of the checkpoint. */
const expectResumed = async (server: WatchedContainer): Promise<number> => {
  const { resumedAt = 0 } = await server.event('start', (event) => event.resumedAt !== undefined);
  expect(resumedAt).toBeGreaterThan(0);
  // Not a step of both: if the hold was reached before the end, the next step comes after it.
  await Promise.all(['w1', 'w2'].map((name) => server.event('worker', worker(name, 'joined'))));
  return resumedAt;
};

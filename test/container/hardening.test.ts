import { setTimeout } from 'node:timers/promises';
import { describe, expect } from 'vitest';
import { openCluster } from './cluster/cluster.ts';
import { expectSameBits, middleStep, startRun } from './cluster/run.ts';
import type { WatchedContainer } from './cluster/watched.ts';
import { buildableTargets, imageOf } from './images/images.ts';
import { sharedEngine, testContainer } from './shared-engine.ts';

const anybody = { user: '12345:0' };

describe.concurrent('an image', () => {
  testContainer('says what it is, in the labels of OCI', async () => {
    for (const target of buildableTargets()) {
      const format = '{{json .Config.Labels}}';
      const text = await sharedEngine().docker(['inspect', '--format', format, imageOf(target)]);
      const labels = JSON.parse(text) as Readonly<Record<string, string>>;
      const told = Object.entries(labels).filter(([name]) => name.startsWith('org.opencontainers'));
      expect(Object.fromEntries(told)).toEqual({
        'org.opencontainers.image.title': `paceline/${target}`,
        'org.opencontainers.image.description': expect.stringMatching(/of Paceline/) as string,
        'org.opencontainers.image.version': '0.1.0',
        'org.opencontainers.image.revision': 'unknown',
        'org.opencontainers.image.created': 'unknown',
        'org.opencontainers.image.source': 'unknown',
        'org.opencontainers.image.licenses': 'Apache-2.0',
      });
    }
  });

  testContainer(
    'trains as any user on a read-only root, and is unhealthy exactly while it does not answer',
    async () => {
      await using cluster = await openCluster();
      const { server, workers } = await startRun(cluster, [anybody], anybody);
      const both = [server, ...workers];
      const { docker } = sharedEngine();
      await middleStep(server);
      await Promise.all(both.map((each) => becomes('healthy', each)));
      await Promise.all(both.map((each) => signal(each, 'SIGSTOP')));
      await Promise.all(both.map((each) => becomes('unhealthy', each)));
      await Promise.all(both.map((each) => signal(each, 'SIGCONT')));
      await Promise.all(both.map((each) => becomes('healthy', each)));
      for (const each of both) {
        expect(await docker(['exec', each.id, 'id', '-u'])).toBe('12345\n');
        await expect(docker(['exec', each.id, 'touch', '/app/file'])).rejects.toThrow(/Read-only/);
      }
      await expectSameBits(cluster, server);
    },
  );
});

const checkEveryMs = 500;
const deadlineMs = 90_000;

/** Waits until the engine says so of the container. */
const becomes = async (
  status: 'healthy' | 'unhealthy',
  container: WatchedContainer,
): Promise<void> => {
  const endMs = performance.now() + deadlineMs;
  for (;;) {
    const health = await container.act('inspect', '--format', '{{json .State.Health}}');
    if ((JSON.parse(health) as { readonly Status: string }).Status === status) return;
    if (performance.now() > endMs) throw new Error(`${container.name} is not ${status}: ${health}`);
    await setTimeout(checkEveryMs);
  }
};

/** From outside: inside a container nobody can stop its process 1. */
const signal = async (container: WatchedContainer, name: NodeJS.Signals): Promise<void> => {
  process.kill(Number(await container.act('inspect', '--format', '{{.State.Pid}}')), name);
};

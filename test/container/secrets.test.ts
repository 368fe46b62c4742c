import { mkdtemp, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect } from 'vitest';
import { openCluster } from './cluster/cluster.ts';
import { readableByImages } from './cluster/readable.ts';
import { expectSameBits, middleStep, startRun } from './cluster/run.ts';
import type { ContainerOptions } from './cluster/start-container.ts';
import type { WatchedContainer } from './cluster/watched.ts';
import { sharedEngine, testContainer } from './shared-engine.ts';

const workerToken = 'worker-secret-5a1f0c77';
const observerToken = 'observe-secret-77b2e4';

testContainer(
  'a token comes by a mounted file and shows in no log, argument, status, file or property of a container',
  async () => {
    await using cluster = await openCluster();
    const { docker } = sharedEngine();
    const secrets = [workerToken, observerToken, cluster.token];
    const all = [
      `worker: ${workerToken}`,
      `observe: ${observerToken}`,
      `control: ${cluster.token}`,
    ];
    const { server, workers } = await startRun(
      cluster,
      [await tokenFile([`worker: ${workerToken}`])],
      await tokenFile(all),
    );
    await middleStep(server);
    const seen = await Promise.all([
      ...[server, ...workers].map(lookAt),
      cluster.ask('GET', '/status.json').then((status) => JSON.stringify(status)),
      docker(['exec', server.id, 'cat', '/out/events.ndjson']),
    ]);
    await expectSameBits(cluster, server);
    const written = [server, ...workers].flatMap(({ events, lines }) => [...events, ...lines]);
    const everything = [...seen, ...written.map((each) => JSON.stringify(each))].join('\n');
    expect(everything).toContain('--token-file');
    for (const secret of secrets) expect(everything).not.toContain(secret);
  },
);

/** A file with these lines, only for the user of the images, and the flag that names it. */
const tokenFile = async (lines: readonly string[]): Promise<ContainerOptions> => {
  const folder = await mkdtemp(join(sharedEngine().folder, 'token-'));
  await writeFile(join(folder, 'token'), `${lines.join('\n')}\n`, { mode: 0o600 });
  await readableByImages(folder);
  return {
    environment: {},
    flags: ['--token-file', '/run/secrets/paceline/token'],
    mounts: [{ source: folder, target: '/run/secrets/paceline' }],
  };
};

/** What whoever may look at a container sees: its processes with their arguments, and its properties. */
const lookAt = async (container: WatchedContainer): Promise<string> => {
  const { docker } = sharedEngine();
  const processes = await docker(['top', container.id, '-eo', 'pid,args']);
  return `${processes}\n${await container.act('inspect')}`;
};

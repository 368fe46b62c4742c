import { mkdtemp } from 'node:fs/promises';
import { join } from 'node:path';
import { createTestAuthority, type TestAuthority } from '@paceline/transport/testing';
import { describe, expect } from 'vitest';
import { type Cluster, openCluster } from './cluster/cluster.ts';
import type { ContainerOptions } from './cluster/start-container.ts';
import { readableByImages } from './cluster/readable.ts';
import { sharedEngine, testContainer } from './shared-engine.ts';

const guess = 'a-token-that-somebody-guessed';
const certificates = '/etc/paceline/certificates';
const dayMs = 86_400_000;

interface Stranger {
  readonly server?: ContainerOptions;
  readonly worker: ContainerOptions;
  readonly scheme?: 'wss';
}

/** What a worker does that is not let in, with its exit code and the one line that each side writes about it. */
interface Refusal {
  readonly prepare: (cluster: Cluster) => Promise<Stranger>;
  readonly exitCode: number;
  readonly worker: RegExp;
  readonly server: RegExp;
}

const refusals: Readonly<Record<string, Refusal>> = {
  'with a wrong token': {
    prepare: () => Promise.resolve({ worker: { environment: { PACELINE_TOKEN: guess } } }),
    exitCode: 2,
    worker: /^error: the token is wrong: /,
    server: /refused: unauthorized \(.*token is wrong/,
  },
  'without a token': {
    prepare: () => Promise.resolve({ worker: { environment: {} } }),
    exitCode: 2,
    worker: /^error: a token is needed: --token-file FILE or /,
    server: /refused: unauthorized \(.*token is needed/,
  },
  'with the certificate of another authority': {
    prepare: async (cluster) => {
      const { folder, server } = await withTls(cluster);
      createTestAuthority(join(folder, 'other'));
      await readableByImages(folder);
      return { server, worker: trusting(folder, 'other/ca.pem'), scheme: 'wss' };
    },
    exitCode: 4,
    worker: /^error: wss:\S+ the certificate of the server is of an authority/,
    server: /refused: bad-tls \(/,
  },
  'and finds an expired certificate': {
    prepare: async (cluster) => {
      const now = Date.now();
      const expired = { from: new Date(now - 2 * dayMs), until: new Date(now - dayMs) };
      const { folder, server } = await withTls(cluster, expired);
      return { server, worker: trusting(folder, 'ca.pem'), scheme: 'wss' };
    },
    exitCode: 4,
    worker: /^error: wss:\S+ the certificate of the server is not valid at this time/,
    server: /refused: bad-tls \(/,
  },
  'in the clear, at a port of TLS': {
    prepare: async (cluster) => {
      const { server } = await withTls(cluster);
      return { server, worker: { flags: ['--connect-timeout', '2s'] } };
    },
    exitCode: 4,
    worker: /^error: .*if it speaks TLS, the address is wss:\/\//,
    server: /refused: bad-tls \(/,
  },
};

describe.concurrent('one line in each log says why a worker in a container is not let in', () => {
  for (const [what, refusal] of Object.entries(refusals)) {
    testContainer(what, () => expectRefusal(refusal));
  }
});

const expectRefusal = async (refusal: Refusal): Promise<void> => {
  await using cluster = await openCluster();
  const { server: serverOptions, worker: workerOptions, scheme } = await refusal.prepare(cluster);
  const server = await cluster.startServer(serverOptions);
  const worker = await cluster.startWorker('stranger', workerOptions, scheme);
  expect(await worker.end()).toEqual({ exitCode: refusal.exitCode, isOomKilled: false });
  await worker.line(refusal.worker);
  await server.line(refusal.server);
  expect(worker.lines.filter((line) => line.startsWith('error'))).toHaveLength(1);
  expect(server.lines.filter((line) => line.includes('refused'))).toHaveLength(1);
  expect([...server.lines, ...worker.lines].join('\n')).not.toContain(guess);
};

/** Certificates in a folder of the engine's, and a server that uses them. */
const withTls = async (
  cluster: Cluster,
  times: Partial<Parameters<TestAuthority['issue']>[1]> = {},
): Promise<{ readonly folder: string; readonly server: ContainerOptions }> => {
  const folder = await mkdtemp(join(sharedEngine().folder, 'certificates-'));
  const authority = createTestAuthority(folder);
  authority.issue('server', { use: 'server', hosts: [cluster.serverName], ...times });
  await readableByImages(folder);
  const files = [`${certificates}/server.pem`, `${certificates}/server.key`];
  const flags = ['--tls-cert', files[0] ?? '', '--tls-key', files[1] ?? ''];
  return { folder, server: { flags, mounts: [{ source: folder, target: certificates }] } };
};

const trusting = (folder: string, file: string): ContainerOptions => ({
  flags: ['--tls-ca', `${certificates}/${file}`, '--connect-timeout', '5s'],
  mounts: [{ source: folder, target: certificates }],
});

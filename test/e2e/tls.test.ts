import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

import { createTestAuthority } from '@paceline/transport/testing';
import type { TestAuthority } from '@paceline/transport/testing';
import { expect, test } from 'vitest';

import { startServer, startWorker } from '../support/cluster.ts';
import { finished, runPaceline, train } from '../support/paceline.ts';
import { openScratch } from '../support/scratch.ts';
import type { Scratch } from '../support/scratch.ts';

const job = { job: 'linear-regression', backend: 'cpu', set: ['until.steps=6'] } as const;

interface Secrets {
  readonly authority: TestAuthority;
  readonly token: readonly string[];
  /** The flags of a worker of that name. */
  worker(name: string): readonly string[];
}

function makeSecrets(scratch: Scratch): Secrets {
  const authority = createTestAuthority(join(scratch.path, 'certificates'));
  const file = join(scratch.path, 'token');
  writeFileSync(file, '0123456789abcdef\n', { mode: 0o600 });
  const token = ['--token-file', file, '--tls-ca', authority.caFile];
  return {
    authority,
    token,
    worker(name) {
      const { certFile, keyFile } = authority.issue(name, { use: 'client' });
      return [...token, '--tls-cert', certFile, '--tls-key', keyFile];
    },
  };
}

test('over TLS with client certificates a run has the bits of a local one, and a stranger gets one line', async () => {
  using scratch = openScratch();
  const { authority, token, worker } = makeSecrets(scratch);
  const { certFile, keyFile } = authority.issue('server', { use: 'server' });
  const own = ['--tls-cert', certFile, '--tls-key', keyFile, '--tls-client-ca', authority.caFile];
  const flags = [...token.slice(0, 2), ...own, '--hold-at', '3'];
  const { server, url } = await startServer(scratch, { ...job, flags });
  expect(url).toMatch(/^wss:/);

  const w1 = startWorker(scratch, url, { name: 'w1', flags: worker('w1') });
  await server.event('hold');
  mkdirSync(join(scratch.path, 'theirs'));
  const wrongCa = createTestAuthority(join(scratch.path, 'theirs')).caFile;
  const refused = [
    [worker('w2'), /^error: the client certificate is that of w2, not of other\n$/],
    [token, /^error: a client certificate of this server is needed: --tls-cert and --tls-key\n$/],
    [
      ['--tls-ca', wrongCa],
      /^error: wss:\S+ the certificate of the server is of an authority.*\n$/,
    ],
  ] as const;
  const others = refused.map(([theirs]) =>
    startWorker(scratch, url, { name: 'other', flags: theirs }),
  );
  expect(await Promise.all(others.map((other) => other.exit()))).toEqual([2, 2, 4]);
  for (const [i, [, words]] of refused.entries()) expect(others[i]?.errors()).toMatch(words);

  const status = await runPaceline(scratch, ['status', url, '--json', ...worker('someone')]);
  expect(JSON.parse(status.output)).toMatchObject({
    refusals: { unauthorized: 2, 'bad-tls': 1 },
    workers: [{ name: 'w1' }],
  });
  expect(await runPaceline(scratch, ['resume', url, ...token])).toMatchObject({
    exitCode: 2,
    errors: expect.stringContaining('a client certificate of this server is needed') as unknown,
  });
  expect(await runPaceline(scratch, ['status', url.replace('wss:', 'ws:')])).toMatchObject({
    exitCode: 4,
    errors: expect.stringContaining('if it speaks TLS, the address is wss://') as unknown,
  });
  expect((await runPaceline(scratch, ['resume', url, ...worker('someone')])).exitCode).toBe(0);
  const { end } = await finished(server);
  expect(await w1.exit()).toBe(0);
  const local = await train(scratch, job.job, { workers: 2, backend: 'cpu', set: job.set });
  expect(end.weightsSha256).toBe(local.end.weightsSha256);
});

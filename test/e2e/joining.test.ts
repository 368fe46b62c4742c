import { writeFileSync } from 'node:fs';
import { join } from 'node:path';

import { createTestAuthority, openConnectProxy } from '@paceline/transport/testing';
import { expect, test } from 'vitest';

import { freePort, startWorker } from '../support/cluster.ts';
import { bitsOf, finished, runPaceline, startTraining, train } from '../support/paceline.ts';
import { openScratch } from '../support/scratch.ts';
import type { Scratch } from '../support/scratch.ts';

const job = 'linear-regression';
const set = ['until.steps=60', 'until.epochs=1000'];
/** A name that only the proxy knows. */
const host = 'trainer.invalid';

/** The same folder, with variables that name a proxy. */
function behindProxy(scratch: Scratch, port: number): Scratch {
  const proxy = `http://127.0.0.1:${port}`;
  return { ...scratch, env: { ...scratch.env, HTTP_PROXY: proxy, HTTPS_PROXY: proxy } };
}

test('another machine joins a local run over TLS, through a proxy that fails, and the bits stay', async () => {
  using scratch = openScratch();
  const authority = createTestAuthority(join(scratch.path, 'certificates'));
  const own = authority.issue('server', { use: 'server', hosts: [host] });
  const theirs = authority.issue('elsewhere', { use: 'client' });
  const token = ['--token-file', join(scratch.path, 'token')];
  writeFileSync(join(scratch.path, 'token'), '0123456789abcdef\n', { mode: 0o600 });

  // Its own workers need neither certificate nor proxy: this one is dead.
  const run = startTraining(behindProxy(scratch, await freePort()), job, {
    ...{ workers: 1, backend: 'cpu', set },
    flags: [
      ...['--listen', '127.0.0.1:0', '--advertise', host, '--hold-at', '20', '--hold-at', '40'],
      ...[...token, '--tls-cert', own.certFile, '--tls-key', own.keyFile],
      ...['--tls-client-ca', authority.caFile, '--max-workers', '2'],
    ],
  });
  const { url = '' } = await run.event('server', (event) => event.event === 'started');
  const { port } = new URL(url);
  expect(url).toBe(`wss://${host}:${port}`);
  await run.event('hold', ({ step }) => step === 20);

  await using proxy = await openConnectProxy({ to: { port: Number(port) } });
  const outside = behindProxy(scratch, proxy.port);
  const certificates = ['--tls-cert', theirs.certFile, '--tls-key', theirs.keyFile];
  const flags = [...token, '--tls-ca', authority.caFile, ...certificates];
  const worker = startWorker(outside, url, { name: 'elsewhere', flags });
  const joined = (event: { event: string; worker: string }): boolean =>
    event.event === 'joined' && event.worker === 'elsewhere';
  await run.event('worker', joined);
  expect((await runPaceline(outside, ['resume', url, ...flags])).exitCode).toBe(0);
  await run.event('hold', ({ step }) => step === 40);
  expect(proxy.cut()).toBe(1);
  await expect
    .poll(() => run.events.filter((e) => e.type === 'worker' && joined(e)), { timeout: 20_000 })
    .toHaveLength(2);
  const status = await runPaceline(outside, ['status', url, '--json', ...flags]);
  expect(JSON.parse(status.output)).toMatchObject({
    workers: [{ name: 'w1' }, { name: 'elsewhere' }],
  });
  expect((await runPaceline(outside, ['resume', url, ...flags])).exitCode).toBe(0);

  const shared = await finished(run);
  expect(await worker.exit()).toBe(0);
  expect(new Set(proxy.asked)).toEqual(new Set([`${host}:${port}`]));
  const alone = await train(scratch, job, { workers: 1, backend: 'cpu', set });
  expect(bitsOf(shared)).toEqual(bitsOf(alone));
  expect(scratch.leftovers()).toEqual([]);
});

test('behind a proxy that refuses, a worker and a command end at once, with one line that names it', async () => {
  using scratch = openScratch();
  await using proxy = await openConnectProxy({ to: { port: 1 }, credentials: 'me:swordfish' });
  const outside = behindProxy(scratch, proxy.port);
  const url = `ws://${host}:7070`;
  const words = `proxy 127.0.0.1:${proxy.port} answered 407 Proxy Authentication Required: it wants other credentials: http://USER:PASSWORD@HOST:PORT in the variable\n`;
  const worker = startWorker(outside, url, { name: 'w' });
  const status = await runPaceline(outside, ['status', url]);
  expect([await worker.exit(), status.exitCode]).toEqual([4, 4]);
  expect(worker.errors()).toBe(`error: ${words}`);
  expect(status.errors).toBe(`error: No server at ${url}: ${words}`);
});

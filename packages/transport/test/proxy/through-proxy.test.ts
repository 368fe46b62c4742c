import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { inspect } from 'node:util';
import { createManualClock } from '@paceline/telemetry/testing';
import { createWebSocketTransport } from '@paceline/transport';
import type { Connection, Credentials, ListenTls } from '@paceline/transport';
import { createTestAuthority, openConnectProxy } from '@paceline/transport/testing';
import { afterAll, beforeEach, describe, expect, it, vi } from 'vitest';

import { portOf } from '../support/raw-socket.ts';

const folder = mkdtempSync(join(tmpdir(), 'paceline-proxy-'));
afterAll(() => {
  rmSync(folder, { recursive: true });
});
const authority = createTestAuthority(folder);
/** A name that only the proxy knows. */
const host = 'trainer.invalid';
const password = 'swordfish';
const options = { timeoutMs: 10_000, maxFrameBytes: 1000 };

beforeEach(() => {
  for (const name of ['http_proxy', 'https_proxy', 'all_proxy', 'no_proxy']) {
    vi.stubEnv(name, undefined);
    vi.stubEnv(name.toUpperCase(), undefined);
  }
});

/** A server that gives every frame back, and the port of it. */
async function openEcho(tls?: ListenTls): Promise<AsyncDisposable & { readonly port: number }> {
  const listener = await createWebSocketTransport().listen('127.0.0.1:0', {
    maxFrameBytes: 1000,
    tls,
    onConnection: (connection) => {
      connection.onMessage((frame) => {
        connection.send(Buffer.from(`${connection.certifiedName ?? 'you'}: ${String(frame)}`));
      });
    },
  });
  return {
    port: portOf(listener.url),
    [Symbol.asyncDispose]: () => listener[Symbol.asyncDispose](),
  };
}

/** What comes back for `hello`. */
async function echo(connection: Connection): Promise<string> {
  const { promise, resolve } = Promise.withResolvers<Uint8Array>();
  connection.onMessage(resolve);
  connection.send(Buffer.from('hello'));
  const answer = String(Buffer.from(await promise));
  connection.terminate();
  return answer;
}

const connect = (url: string, credentials: Credentials = {}): Promise<Connection> =>
  createWebSocketTransport(undefined, credentials).connect(url, options);

describe('through a proxy', () => {
  it('a connection is made to a server that only the proxy reaches, with credentials for it', async () => {
    await using server = await openEcho();
    const credentials = `me:${password}`;
    await using proxy = await openConnectProxy({ to: server, credentials });
    vi.stubEnv('HTTP_PROXY', `http://${credentials}@127.0.0.1:${proxy.port}`);
    expect(await echo(await connect(`ws://${host}:7070`))).toBe('you: hello');
    expect(proxy.asked).toEqual([`${host}:7070`]);
    // Whoever stands between might misread what is not masked (RFC 6455, 10.3).
    expect(proxy.bytes().includes('you: hello')).toBe(true);
    expect(proxy.bytes().subarray(0, -12).includes('hello')).toBe(false);
  });

  it('TLS is with the server: its certificate is checked, ours is shown, and the proxy reads nothing', async () => {
    const own = authority.issue('server', { use: 'server', hosts: [host, '192.0.2.7'] });
    await using server = await openEcho({ ...own, clientCaFile: authority.caFile });
    await using proxy = await openConnectProxy({ to: server });
    vi.stubEnv('HTTPS_PROXY', `http://127.0.0.1:${proxy.port}`);
    const tls = { caFile: authority.caFile, ...authority.issue('w1', { use: 'client' }) };
    for (const name of [host, '192.0.2.7']) {
      expect(await echo(await connect(`wss://${name}`, { tls }))).toBe('w1: hello');
    }
    expect(proxy.asked).toEqual([`${host}:443`, '192.0.2.7:443']);
    expect(proxy.bytes().includes('w1: hello')).toBe(false);

    await expect(connect('wss://another.invalid', { tls })).rejects.toMatchObject({
      code: 'untrusted',
      message: expect.stringMatching(
        /the certificate of the server is for other names$/,
      ) as unknown,
    });
    await expect(connect(`wss://${host}`)).rejects.toMatchObject({ code: 'untrusted' });
  });

  it.each([
    [
      '407 Proxy Authentication Required',
      'proxy-refused',
      /answered 407 Proxy Authentication Required: it wants other credentials/,
    ],
    [
      '403 Forbidden',
      'proxy-refused',
      /answered 403 Forbidden: it opens no way to trainer.invalid:7/,
    ],
    ['502 Bad Gateway', 'proxy-failed', /answered 502 Bad Gateway: it opens no way to trainer/],
  ])('that answers %s there is none: %s', async (answer, code, words) => {
    await using proxy = await openConnectProxy({ to: { port: 1 }, answer });
    vi.stubEnv('HTTP_PROXY', `http://me:${password}@127.0.0.1:${proxy.port}`);
    const failed = await connect(`ws://${host}:7070`).catch((error: unknown) => error as Error);
    expect(failed).toMatchObject({ code, message: expect.stringMatching(words) as unknown });
    expect(failed).toMatchObject({
      message: expect.stringContaining(`proxy 127.0.0.1:${proxy.port} answered`) as unknown,
    });
    expect(inspect(failed, { depth: 9 })).not.toContain(password);
  });

  it('that is dead there is none, and it is named without credentials', async () => {
    const proxy = await openConnectProxy({ to: { port: 1 } });
    await proxy[Symbol.asyncDispose]();
    vi.stubEnv('ALL_PROXY', `http://me:${password}@127.0.0.1:${proxy.port}`);
    const failed = await connect(`ws://${host}:7070`).catch((error: unknown) => error as Error);
    expect(failed).toMatchObject({
      code: 'proxy-failed',
      message: `proxy 127.0.0.1:${proxy.port}, which the environment names, cannot be used (connect ECONNREFUSED 127.0.0.1:${proxy.port})`,
    });
  });

  it('that says nothing it is given up in time', async () => {
    await using proxy = await openConnectProxy({ to: { port: 1 }, answer: 'silence' });
    vi.stubEnv('HTTP_PROXY', `http://127.0.0.1:${proxy.port}`);
    const clock = createManualClock();
    const failed = expect(
      createWebSocketTransport(clock).connect(`ws://${host}:7070`, options),
    ).rejects.toMatchObject({
      code: 'proxy-failed',
      message: `proxy 127.0.0.1:${proxy.port} did not answer in time`,
    });
    await expect.poll(() => proxy.asked).toEqual([`${host}:7070`]);
    await clock.advance(10_000);
    await failed;
    expect(clock.pendingTimers).toBe(0);
  });

  it('that is there nobody goes to this machine, nor to what NO_PROXY names', async () => {
    await using server = await openEcho();
    await using proxy = await openConnectProxy({ to: server, answer: '403 Forbidden' });
    vi.stubEnv('ALL_PROXY', `http://127.0.0.1:${proxy.port}`);
    vi.stubEnv('NO_PROXY', '.invalid');
    expect(await echo(await connect(`ws://127.0.0.1:${server.port}`))).toBe('you: hello');
    await expect(connect(`ws://${host}:7070`)).rejects.toMatchObject({ code: 'dns' });
    expect(proxy.asked).toEqual([]);
  });
});

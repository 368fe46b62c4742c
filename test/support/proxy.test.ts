import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { connect, createServer } from 'node:net';
import type { AddressInfo, Server, Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeEach, describe, expect, test } from 'vitest';

import { openProxy } from './proxy.ts';
import type { Proxy } from './proxy.ts';

const folder = mkdtempSync(join(tmpdir(), 'paceline-proxy-'));
afterAll(() => {
  rmSync(folder, { recursive: true });
});
let server: Server;
let accepted: Socket[];
let proxy: Proxy;
let client: Socket;

/** Answers each byte with that byte. */
function openEcho(): Server {
  accepted = [];
  return createServer((socket) => {
    accepted.push(socket);
    socket.on('error', () => undefined);
    socket.pipe(socket);
  });
}

async function openPair(target: (echo: Server) => Promise<string>): Promise<void> {
  server = openEcho();
  proxy = await openProxy(await target(server));
  const { hostname, port } = new URL(proxy.url);
  client = connect(Number(port), hostname).on('error', () => undefined);
  await once(client, 'connect');
}

async function overTcp(echo: Server): Promise<string> {
  await once(echo.listen(0, '127.0.0.1'), 'listening');
  return `ws://127.0.0.1:${(echo.address() as AddressInfo).port}`;
}

async function overUnix(echo: Server): Promise<string> {
  await once(echo.listen(join(folder, 'echo.sock')), 'listening');
  return `ws+unix://${join(folder, 'echo.sock')}:/`;
}

/** What comes back, until it is so many bytes. */
async function echoOf(bytes: Uint8Array): Promise<Buffer> {
  client.write(bytes);
  return receive(bytes.length);
}

async function receive(length: number): Promise<Buffer> {
  const chunks: Buffer[] = [];
  while (chunks.reduce((sum, { length: size }) => sum + size, 0) < length) {
    const [chunk] = (await once(client, 'data')) as [Buffer];
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}

afterEach(async () => {
  client.destroy();
  for (const socket of accepted) socket.destroy();
  server.close();
  await once(server, 'close');
  await proxy[Symbol.asyncDispose]();
  rmSync(join(folder, 'echo.sock'), { force: true });
});

describe.each([
  ['TCP', overTcp],
  ['a Unix socket', overUnix],
])('a proxy in front of %s', (_what, target) => {
  beforeEach(() => openPair(target));

  test('passes bytes on in order, and the end', async () => {
    const bytes = Uint8Array.from({ length: 300_000 }, (_, i) => i % 251);
    expect(Buffer.compare(await echoOf(bytes), bytes)).toBe(0);
    client.end();
    await once(client, 'end');
    expect(proxy.fired).toEqual({ cut: 0, delay: 0, throttle: 0, halfOpen: 0, corrupt: 0 });
  });

  test('cuts what is connected, and says how many those were', async () => {
    await echoOf(Uint8Array.of(1));
    expect(proxy.cut()).toBe(1);
    await new Promise((resolve) => client.once('close', resolve));
    expect(proxy.fired.cut).toBe(1);
    expect(proxy.cut()).toBe(0);
  });
});

describe('a fault', () => {
  beforeEach(() => openPair(overTcp));

  test('of delay holds each byte back, both ways', async () => {
    await echoOf(Uint8Array.of(1));
    proxy.delay(60);
    const startMs = performance.now();
    expect([...(await echoOf(Uint8Array.of(2)))]).toEqual([2]);
    expect(performance.now() - startMs).toBeGreaterThan(118);
    expect(proxy.fired.delay).toBe(2);
  });

  test('of throughput lets so many bytes a second through', async () => {
    proxy.throttle(1_000_000);
    const startMs = performance.now();
    await echoOf(new Uint8Array(100_000));
    expect(performance.now() - startMs).toBeGreaterThan(99);
    expect(proxy.fired.throttle).toBeGreaterThan(1);
  });

  test('of a half open connection loses bytes without a word, until it is over', async () => {
    await echoOf(Uint8Array.of(1));
    expect(proxy.halfOpen()).toBe(1);
    client.write(Uint8Array.of(2));
    await expect.poll(() => proxy.fired.halfOpen).toBe(1);
    accepted[0]?.write(Uint8Array.of(3));
    await expect.poll(() => proxy.fired.halfOpen).toBe(2);
    proxy.resume();
    expect([...(await echoOf(Uint8Array.of(4)))]).toEqual([4]);
  });

  test('of corruption hits so many bytes in one direction, once', async () => {
    proxy.corrupt(2, 'up');
    expect([...(await echoOf(Uint8Array.of(0, 1, 2)))]).toEqual([255, 254, 2]);
    expect([...(await echoOf(Uint8Array.of(0, 1, 2)))]).toEqual([0, 1, 2]);
    expect(proxy.fired.corrupt).toBe(2);
  });
});

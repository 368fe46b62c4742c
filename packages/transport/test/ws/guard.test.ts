import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { connect } from 'node:net';
import type { NetConnectOpts, Socket } from 'node:net';
import { createManualClock } from '@paceline/telemetry/testing';
import { createWebSocketTransport } from '@paceline/transport';
import type { Connection, Listener, ListenOptions } from '@paceline/transport';
import { afterAll, afterEach, beforeEach, describe, expect, it } from 'vitest';

import { openRawClient, portOf } from '../support/raw-socket.ts';

const folder = mkdtempSync(join(tmpdir(), 'paceline-guard-'));
afterAll(() => {
  rmSync(folder, { recursive: true });
});

const guard = { maxConnections: 8, maxStrangers: 3, graceMs: 1000, strangerBytes: 2000 };
let reasons: string[] = [];
const sockets: Socket[] = [];
beforeEach(() => {
  reasons = [];
});
afterEach(() => {
  for (const socket of sockets.splice(0)) socket.destroy();
});

const clock = createManualClock();
const transport = createWebSocketTransport(clock);

function listen(options: Partial<ListenOptions> = {}, address = '127.0.0.1:0'): Promise<Listener> {
  return transport.listen(address, {
    onConnection: () => undefined,
    onRequest: (_request, response) => response.end('hello'),
    onRefusal: ({ reason }) => reasons.push(reason),
    maxFrameBytes: 100_000,
    guard,
    ...options,
  });
}

/** A socket that says `bytes` and nothing else; resolves with all that it was answered when it has ended. */
function say(where: NetConnectOpts, bytes: string): { readonly answer: Promise<string> } {
  const socket = connect(where);
  sockets.push(socket);
  const chunks: Buffer[] = [];
  socket.on('error', () => undefined);
  socket.on('data', (chunk) => chunks.push(chunk));
  const answer = once(socket, 'close').then(() => Buffer.concat(chunks).toString());
  socket.write(bytes);
  return { answer };
}

async function idle(where: NetConnectOpts): Promise<Socket> {
  const socket = connect(where).on('error', () => undefined);
  sockets.push(socket);
  await once(socket, 'connect');
  return socket;
}

const portIn = ({ url }: Listener): NetConnectOpts => ({ port: portOf(url), host: '127.0.0.1' });
const post = (headers: string): string =>
  `POST /control/stop HTTP/1.1\r\nHost: x\r\n${headers}\r\n`;

describe('plain HTTP', () => {
  it.each([
    ['garbage', 'bad-request', '\0\0\0 this is not HTTP\r\n\r\n', 'HTTP/1.1 400'],
    ['a huge header', 'bad-request', post(`X: ${'x'.repeat(20_000)}\r\n`), 'HTTP/1.1 431'],
    ['a huge body', 'large-request', post('Content-Length: 99999999999\r\n'), 'HTTP/1.1 413'],
    [
      'a body of any length',
      'large-request',
      post('Transfer-Encoding: chunked\r\n'),
      'HTTP/1.1 411',
    ],
    ['an absurd length', 'bad-request', post('Content-Length: -1\r\n'), 'HTTP/1.1 400'],
  ])('is refused as %s: %s', async (_what, reason, bytes, start) => {
    let asked = 0;
    await using listener = await listen({ onRequest: () => (asked += 1) });
    expect(await say(portIn(listener), bytes).answer).toContain(start);
    expect([reasons, asked]).toEqual([[reason], 0]);
  });

  it('is refused the same on a Unix socket', async () => {
    const path = join(folder, 'a.sock');
    await using _listener = await listen({}, `unix:${path}`);
    expect(await say({ path }, 'nonsense\r\n\r\n').answer).toContain('HTTP/1.1 400');
    expect(reasons).toEqual(['bad-request']);
  });

  it('may not be trickled for ever, nor begun never', { timeout: 15_000 }, async () => {
    await using listener = await listen();
    const slow = say(portIn(listener), 'GET / HT');
    const never = say(portIn(listener), '');
    expect(await slow.answer).toContain('HTTP/1.1 408');
    await never.answer;
    expect(reasons).toEqual(['slow-request', 'slow-request']);
  });
});

describe('an upgrade', () => {
  const upgrade = (more: string): string =>
    `GET / HTTP/1.1\r\nHost: x\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n${more}\r\n`;

  it.each([
    ['to another subprotocol', 'Sec-WebSocket-Protocol: paceline.v9\r\n'],
    ['without a key', 'Sec-WebSocket-Protocol: paceline.v1\r\nSec-WebSocket-Version: 13\r\n'],
  ])('%s is refused with 400', async (_what, more) => {
    await using listener = await listen();
    expect(await say(portIn(listener), upgrade(more)).answer).toContain('HTTP/1.1 400');
    expect(reasons).toEqual(['bad-upgrade']);
  });
});

describe('strangers', () => {
  it('beyond their bound are answered 503, and a client says so', async () => {
    await using listener = await listen();
    for (let i = 0; i < 3; i++) await idle(portIn(listener));
    await expect(
      transport.connect(listener.url, { timeoutMs: 1e6, maxFrameBytes: 1 }),
    ).rejects.toMatchObject({ code: 'busy' });
    expect(reasons).toEqual(['too-many-connections']);
  });

  it('make room, the oldest first, when they had their time', async () => {
    await using listener = await listen();
    const oldest = await openRawClient(portOf(listener.url));
    oldest.read();
    sockets.push(oldest);
    for (let i = 0; i < 2; i++) await idle(portIn(listener));
    await clock.advance(guard.graceMs);
    const connection = await transport.connect(listener.url, { timeoutMs: 1e6, maxFrameBytes: 1 });
    await expect.poll(() => String(oldest.read())).toContain('have not said hello');
    oldest.destroy();
    connection.terminate();
  });

  it('are none any more when they are admitted', async () => {
    await using listener = await listen({ onConnection: (connection) => connection.admit() });
    const joined: Connection[] = [];
    for (let i = 0; i < 6; i++) {
      joined.push(await transport.connect(listener.url, { timeoutMs: 1e6, maxFrameBytes: 1 }));
    }
    expect(reasons).toEqual([]);
    for (const connection of joined) connection.terminate();
  });

  it('are cut at once when there are too many connections altogether', async () => {
    await using listener = await listen();
    for (let i = 0; i < 12; i++) await idle(portIn(listener));
    await expect.poll(() => reasons.length).toBe(9); // 5 of 8 beyond the 3, and 4 beyond the 8
  });

  it('may not send more than a hello, in however many pieces', async () => {
    const ended = Promise.withResolvers<number>();
    await using listener = await listen({
      onConnection: (connection) => connection.onClose(({ code }) => ended.resolve(code)),
    });
    const socket = await openRawClient(portOf(listener.url));
    sockets.push(socket);
    const emptyFragment = Buffer.of(0x00, 0x80, 0, 0, 0, 0);
    socket.write(Buffer.of(0x02, 0x80, 0, 0, 0, 0));
    for (let i = 0; i < 400; i++) socket.write(emptyFragment);
    await expect.poll(() => String(socket.read())).toContain('too many bytes before the hello');
    socket.end();
    expect(await ended.promise).toBe(1009);
    expect(reasons).toEqual(['too-large']);
  });

  it('nor ping without end', async () => {
    const ended = Promise.withResolvers<number>();
    await using listener = await listen({
      onConnection: (connection) => connection.onClose(({ code }) => ended.resolve(code)),
    });
    const socket = await openRawClient(portOf(listener.url));
    sockets.push(socket);
    for (let i = 0; i < 400; i++) socket.write(Buffer.of(0x89, 0x80, 0, 0, 0, 0));
    socket.resume().end();
    expect(await ended.promise).toBe(1009);
  });
});

it('a compressed frame is a broken one: compression is not offered', async () => {
  await using listener = await listen();
  const socket = await openRawClient(portOf(listener.url));
  sockets.push(socket);
  socket.end(Buffer.of(0xc2, 0x81, 0, 0, 0, 0, 0));
  await expect.poll(() => reasons).toEqual(['bad-frame']);
});

import { fork } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { networkInterfaces, tmpdir } from 'node:os';
import { join } from 'node:path';
import { createManualClock } from '@paceline/telemetry/testing';
import { createWebSocketTransport } from '@paceline/transport';
import type { Closing, Connection } from '@paceline/transport';
import { afterAll, describe, expect, it } from 'vitest';

import { openRawClient, portOf } from '../support/raw-socket.ts';

const transport = createWebSocketTransport();
const quiet = { onConnection: (): void => undefined, maxFrameBytes: 1000 };
const connectOptions = { timeoutMs: 10_000, maxFrameBytes: 1000 };

const folder = mkdtempSync(join(tmpdir(), 'paceline-server-'));
afterAll(() => {
  rmSync(folder, { recursive: true });
});

const hasIpv6 = Object.values(networkInterfaces()).some((addresses) =>
  addresses?.some(({ address }) => address === '::1'),
);

/** Another process that listens on an address, until it is killed. */
interface Holder extends AsyncDisposable {
  readonly pid: number | undefined;
  readonly address: string;
}

async function startHolder(wanted: string): Promise<Holder> {
  const script = join(import.meta.dirname, '../support/hold-address.ts');
  const child = fork(script, [wanted, '--password=swordfish']);
  const ended = once(child, 'exit');
  const [address] = (await once(child, 'message')) as [string];
  return {
    pid: child.pid,
    address,
    async [Symbol.asyncDispose]() {
      child.kill('SIGKILL');
      await ended;
    },
  };
}

function nameOf({ pid }: Holder): string {
  return process.platform === 'linux'
    ? `process ${String(pid)} (node hold-address.ts)`
    : 'another process';
}

function httpUrl(url: string): string {
  return url.replace('ws:', 'http:');
}

describe('the port of a server', () => {
  it('answers plain HTTP through its handler', async () => {
    await using listener = await transport.listen('127.0.0.1:0', {
      ...quiet,
      onRequest: (request, response) => response.end(`you asked for ${request.url ?? ''}`),
    });
    const answer = await fetch(`${httpUrl(listener.url)}/status.json`);
    expect(await answer.text()).toBe('you asked for /status.json');
  });

  it('asks for a WebSocket where there is no handler', async () => {
    await using listener = await transport.listen('127.0.0.1:0', quiet);
    const answer = await fetch(httpUrl(listener.url));
    expect(answer.status).toBe(426);
    expect(await answer.text()).toMatch(/connect with a WebSocket/);
  });

  it('refuses a WebSocket without the subprotocol, in a sentence', async () => {
    const connections: Connection[] = [];
    await using listener = await transport.listen('127.0.0.1:0', {
      ...quiet,
      onConnection: (connection) => connections.push(connection),
    });
    const socket = await openRawClient(portOf(listener.url), 'paceline.v2, graphql-ws');
    expect(String(socket.read())).toMatch(/^HTTP\/1\.1 400 .*subprotocol paceline\.v1\.\n$/s);
    expect(connections).toHaveLength(0);
    socket.destroy();
  });

  it.each(['127.0.0.1', ...(hasIpv6 ? ['[::1]'] : [])])(
    'is named, with the process that holds it, when %s is busy',
    async (host) => {
      await using holder = await startHolder(`${host}:0`);
      const { address } = holder;
      const message = `${address}: port ${portOf(`ws://${address}`)} is in use by ${nameOf(holder)}`;
      await expect(transport.listen(address, quiet)).rejects.toMatchObject({
        code: 'address-in-use',
        message,
      });
    },
  );

  // Elsewhere loopback has one address.
  it.runIf(process.platform === 'linux')(
    'is exactly the one that was asked for: not on another address of the machine',
    async () => {
      await using listener = await transport.listen('127.0.0.2:0', quiet);
      const port = portOf(listener.url);
      expect([listener.url, listener.address]).toEqual([
        `ws://127.0.0.2:${port}`,
        `127.0.0.2:${port}`,
      ]);
      (await transport.connect(listener.url, connectOptions)).terminate();
      for (const host of ['127.0.0.1', ...(hasIpv6 ? ['[::1]'] : [])]) {
        await expect(
          transport.connect(`ws://${host}:${port}`, connectOptions),
        ).rejects.toMatchObject({
          code: 'refused',
        });
      }
      await using beside = await transport.listen(`127.0.0.1:${port}`, quiet);
      expect(beside.url).toBe(`ws://127.0.0.1:${port}`);
    },
  );

  it('keeps the name that was asked for, and no machine is asked what it is called', async () => {
    await using listener = await transport.listen('localhost:0', quiet);
    expect(listener.url).toMatch(/^ws:\/\/localhost:\d+$/);
    (await transport.connect(listener.url, connectOptions)).terminate();
  });

  it('is refused in words on an address that this machine does not have', async () => {
    await expect(transport.listen('192.0.2.1:0', quiet)).rejects.toMatchObject({
      code: 'no-such-address',
    });
  });
});

describe('a connection', () => {
  it('takes any byte for a sign of life, not only whole messages', async () => {
    const clock = createManualClock();
    const arrived = Promise.withResolvers<Connection>();
    await using listener = await createWebSocketTransport(clock).listen('127.0.0.1:0', {
      ...quiet,
      onConnection: arrived.resolve,
    });
    const socket = await openRawClient(portOf(listener.url));
    const connection = await arrived.promise;
    expect(connection.lastActivityMs).toBe(0);
    await clock.advance(700);
    socket.write(Buffer.of(0x82)); // The first byte of a frame whose rest never comes.
    await expect.poll(() => connection.lastActivityMs).toBe(700);
    socket.destroy();
  });

  it('ends with 1003 when a text comes, and says so', async () => {
    const ended = Promise.withResolvers<Closing>();
    await using listener = await transport.listen('127.0.0.1:0', {
      ...quiet,
      onConnection: (connection) => connection.onClose(ended.resolve),
    });
    const socket = await openRawClient(portOf(listener.url));
    socket.read();
    const text = Buffer.of(0x81, 0x82, 0, 0, 0, 0, 0x68, 0x69);
    socket.write(text);
    await once(socket, 'readable');
    const close = socket.read() as Buffer;
    expect([close[0], close.readUInt16BE(2)]).toEqual([0x88, 1003]);
    expect(close.subarray(4).toString()).toBe('a text message came; messages are binary here');
    socket.destroy();
    await ended.promise;
  });

  it('ends with 1002 when a frame is broken', async () => {
    const ended = Promise.withResolvers<Closing>();
    await using listener = await transport.listen('127.0.0.1:0', {
      ...quiet,
      onConnection: (connection) => connection.onClose(ended.resolve),
    });
    const socket = await openRawClient(portOf(listener.url));
    socket.end(Buffer.of(0xff, 0xff));
    expect(await ended.promise).toMatchObject({ code: 1002 });
    socket.destroy();
  });
});

describe('a Unix socket', () => {
  it('is gone from the folder when the listener has closed', async () => {
    const path = join(folder, 'gone.sock');
    const listener = await transport.listen(`unix:${path}`, quiet);
    expect(existsSync(path)).toBe(true);
    await listener.close();
    expect(existsSync(path)).toBe(false);
  });

  it('replaces the file of a server that was killed', async () => {
    const path = join(folder, 'stale.sock');
    await using holder = await startHolder(`unix:${path}`);
    await holder[Symbol.asyncDispose]();
    expect(existsSync(path)).toBe(true);
    await using listener = await transport.listen(`unix:${path}`, quiet);
    const connection = await transport.connect(listener.url, connectOptions);
    connection.terminate();
  });

  it('leaves a living server alone, and names it', async () => {
    const path = join(folder, 'a live.sock');
    await using holder = await startHolder(`unix:${path}`);
    await expect(transport.listen(`unix:${path}`, quiet)).rejects.toMatchObject({
      code: 'address-in-use',
      message: `unix:${path}: this socket is in use by ${nameOf(holder)}`,
    });
    (await transport.connect(`ws+unix://${encodeURI(path)}:/`, connectOptions)).terminate();
  });

  it('leaves a plain file alone', async () => {
    const file = join(folder, 'file');
    writeFileSync(file, 'precious');
    await expect(transport.listen(`unix:${file}`, quiet)).rejects.toMatchObject({
      code: 'address-in-use',
      message: `unix:${file}: the path is no socket, and is left alone`,
    });
    expect(existsSync(file)).toBe(true);
  });
});

it.each(['127.0.0.1:0', `unix:${join(folder, 'end.sock')}`])(
  'leaves nothing that keeps a process alive: %s',
  async (address) => {
    const script = join(import.meta.dirname, '../support/open-and-close.ts');
    const child = fork(script, [address], { stdio: 'ignore' });
    child.disconnect();
    expect(await once(child, 'exit')).toEqual([0, null]);
  },
);

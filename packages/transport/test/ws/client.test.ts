import { createServer as createHttpServer } from 'node:http';
import { createServer } from 'node:net';
import type { Server, Socket } from 'node:net';
import { networkInterfaces } from 'node:os';
import { createManualClock } from '@paceline/telemetry/testing';
import { createWebSocketTransport } from '@paceline/transport';
import { describe, expect, it } from 'vitest';

import { listenOn, openRawServer } from '../support/raw-socket.ts';

const options = { timeoutMs: 10_000, maxFrameBytes: 1000 };
const transport = createWebSocketTransport();

async function withServer(server: Server, use: (url: string) => Promise<void>): Promise<void> {
  const port = await listenOn(server, '127.0.0.1');
  try {
    await use(`ws://127.0.0.1:${port}/`);
  } finally {
    server.close();
  }
}

describe('connecting', () => {
  it('says when nobody listens, over TCP and Unix sockets', async () => {
    let gone = '';
    await withServer(createServer(), (url) => {
      gone = url;
      return Promise.resolve();
    });
    await expect(transport.connect(gone, options)).rejects.toMatchObject({
      code: 'refused',
      address: gone,
      message: expect.stringMatching(
        /^ws:.*: nobody listens there \(connect ECONNREFUSED/,
      ) as unknown,
    });
    await expect(transport.connect('ws+unix:///nowhere/x.sock:/', options)).rejects.toMatchObject({
      code: 'refused',
    });
  });

  it('says when a name has no address', async () => {
    await expect(transport.connect('ws://nowhere.invalid:1/', options)).rejects.toMatchObject({
      code: 'dns',
    });
  });

  it('shows the answer of a web server that is none of ours', async () => {
    const web = createHttpServer((_request, response) => {
      response.writeHead(404).end('no such page\nand more');
    });
    await withServer(web, async (url) => {
      await expect(transport.connect(url, options)).rejects.toMatchObject({
        code: 'not-a-paceline-server',
        message: expect.stringMatching(/it answers HTTP 404 no such page$/) as unknown,
      });
    });
  });

  it('knows a server of another kind by its garbage, and one that hangs up', async () => {
    const garbage = createServer((socket) => socket.end('SSH-2.0-OpenSSH_9.2\r\n'));
    const silent = createServer((socket) => socket.once('data', () => socket.destroy()));
    for (const server of [garbage, silent]) {
      await withServer(server, async (url) => {
        await expect(transport.connect(url, options)).rejects.toMatchObject({
          code: 'not-a-paceline-server',
        });
      });
    }
  });

  it('gives up after its timeout on a machine that answers nothing', async () => {
    const clock = createManualClock();
    const arrived = Promise.withResolvers<Socket>();
    await withServer(createServer(arrived.resolve), async (url) => {
      const connecting = createWebSocketTransport(clock).connect(url, options);
      const failed = expect(connecting).rejects.toMatchObject({
        code: 'timeout',
        message: expect.stringMatching(/no answer within 10000 ms/) as unknown,
      });
      const socket = await arrived.promise;
      await clock.advance(9_999);
      expect(clock.pendingTimers).toBe(1);
      await clock.advance(1);
      await failed;
      socket.destroy();
    });
  });
});

describe('the mask of a client', () => {
  const frame = Uint8Array.from({ length: 100 }, (_, i) => i);
  /** FIN and binary, then MASK and the length (RFC 6455, 5.2). */
  const head = Buffer.of(0x82, 0x80 | 100);

  it('is zero where nobody stands between: the bytes travel as they are', async () => {
    await using server = await openRawServer('127.0.0.1');
    const connection = await transport.connect(`ws://127.0.0.1:${server.port}/`, options);
    connection.send(frame);
    expect(await server.received(106)).toEqual(Buffer.concat([head, Buffer.alloc(4), frame]));
    connection.terminate();
  });

  const outside = Object.values(networkInterfaces())
    .flatMap((addresses) => addresses ?? [])
    .find(({ internal, family }) => !internal && family === 'IPv4')?.address;

  it.skipIf(outside === undefined)(
    'is random to other machines, shared memory or not',
    async () => {
      await using server = await openRawServer(outside ?? '');
      const connection = await transport.connect(`ws://${outside ?? ''}:${server.port}/`, options);
      const shared = new Uint8Array(new SharedArrayBuffer(100));
      shared.set(frame);
      connection.send(shared);
      const bytes = await server.received(106);
      const mask = bytes.subarray(2, 6);
      const unmasked = bytes.subarray(6).map((byte, i) => byte ^ (mask[i % 4] ?? 0));
      expect(bytes.subarray(0, 2)).toEqual(head);
      expect(mask).not.toEqual(Buffer.alloc(4));
      expect(Uint8Array.from(unmasked)).toEqual(frame);
      expect(shared).toEqual(frame);
      connection.terminate();
    },
  );
});

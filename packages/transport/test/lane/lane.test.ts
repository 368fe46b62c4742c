import { once } from 'node:events';
import { mkdtempSync, readdirSync, rmSync, truncateSync } from 'node:fs';
import { connect as connectSocket, createServer } from 'node:net';
import type { Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createWebSocketTransport } from '@paceline/transport';
import { connect, peerOf, withPair } from '@paceline/transport/testing';
import type { Connection, Guard } from '@paceline/transport';
import { afterAll, describe, expect, it } from 'vitest';
import { WebSocket } from 'ws';

import { joinLane } from '../../src/lane/client-lane.ts';
import { LaneError, laneHeader } from '../../src/lane/lane.ts';
import type { Lane } from '../../src/lane/lane.ts';
import { createServerLanes } from '../../src/lane/server-lanes.ts';
import { frameOf, isSame, openLanes } from './open-lanes.ts';

const folder = mkdtempSync(join(tmpdir(), 'paceline-lane-'));
afterAll(() => {
  rmSync(folder, { recursive: true });
});
let count = 0;
const freshPath = (): string => join(folder, `${String((count += 1))}.sock`);
const transport = createWebSocketTransport();
const mebibyte = 2 ** 20;

const leftBehind = (): string[] =>
  readdirSync('/dev/shm').filter((name) => name.startsWith('paceline-'));

function openPair(): { readonly server: Lane; readonly client: Lane } & Disposable {
  const opened = openLanes(1);
  const [pair] = opened.pairs;
  if (pair === undefined) throw new Error('no lane');
  return { ...pair, [Symbol.dispose]: opened[Symbol.dispose] };
}

describe('a lane', () => {
  it('carries frames both ways, and has no name any more once both ends are open', () => {
    using lane = openPair();
    expect(leftBehind()).toEqual([]);
    for (const [from, to] of [
      [lane.client, lane.server],
      [lane.server, lane.client],
    ] as const) {
      for (const length of [32 * 1024, 100_001, 16 * mebibyte]) {
        const frame = frameOf(length, length);
        const reference = from.put(frame);
        expect(reference).toHaveLength(10);
        expect(isSame(to.take(reference ?? frame), frame)).toBe(true);
      }
    }
  });

  it('reads frames to where the server wants them, if it does', () => {
    const area = new Uint8Array(new SharedArrayBuffer(100_000), 7);
    let isThere = true;
    const heads: Uint8Array[] = [];
    using lanes = openLanes(1, (bytes, head) => {
      heads.push(head.slice());
      return isThere ? area.subarray(0, bytes) : undefined;
    });
    const [lane] = lanes.pairs;
    const frame = frameOf(50_000, 3);
    for (isThere of [true, false]) {
      for (const [from, to] of [
        [lane?.client, lane?.server],
        [lane?.server, lane?.client],
      ]) {
        const found = to?.take(from?.put(frame) ?? frame);
        expect(found?.buffer === area.buffer).toBe(isThere);
        expect(isSame(found, frame)).toBe(true);
      }
    }
    // How the frame starts says where it is to lie.
    expect(heads).toEqual(Array.from({ length: 4 }, () => frame.slice(0, 128)));
  });

  it('leaves to the socket what is small, what is larger than itself, and what it has no room for', () => {
    using lane = openPair();
    expect(lane.client.put(new Uint8Array(1000))).toBeUndefined();
    expect(lane.client.put(new Uint8Array(16 * mebibyte + 1))).toBeUndefined();
    const references = [1, 2, 3, 4].map(() => lane.client.put(new Uint8Array(4 * mebibyte)));
    expect(references).not.toContain(undefined);
    expect(lane.client.put(new Uint8Array(4 * mebibyte))).toBeUndefined();
    lane.server.take(references[0] ?? new Uint8Array());
    expect(lane.client.put(new Uint8Array(4 * mebibyte))).toBeDefined();
  });

  it('is not used by a server before its client has greeted through it', () => {
    const lanes = createServerLanes();
    const server = lanes.open()?.lane;
    expect(server?.put(new Uint8Array(mebibyte))).toBeUndefined();
    server?.close();
    lanes.close();
    expect(leftBehind()).toEqual([]);
  });

  it('writes a frame for several clients once, and one that leaves is in nobody’s way', async () => {
    using lanes = openLanes(3);
    const { pairs } = lanes;
    const frames = [1, 2, 3, 4].map((seed) => frameOf(5 * mebibyte, seed));
    // Three times as much as has room, if each were written for itself.
    for (const frame of frames.slice(0, 3)) {
      const references = pairs.map(({ server }) => server.put(frame));
      expect(new Set(references.map((each) => String(each))).size).toBe(1);
      pairs.slice(0, 2).forEach(({ client }, index) => {
        expect(isSame(client.take(references[index] ?? frame), frame)).toBe(true);
      });
      await Promise.resolve();
    }
    const [fourth = new Uint8Array()] = frames.slice(3);
    expect(pairs[0]?.server.put(fourth)).toBeUndefined();
    await Promise.resolve();
    pairs[2]?.server.close();
    expect(pairs[0]?.server.put(fourth)).toBeDefined();
  });

  it('passes messages of the protocol through, and refuses references to nothing', () => {
    using lane = openPair();
    const message = Uint8Array.of(0x92, 6, 0x80);
    expect(lane.server.take(message)).toBe(message);
    for (const bad of [
      [0xc1],
      [0xc1, 1, 0, 0, 0, 0],
      [0xc1, 1, 0, 0, 0, 0, 0, 0, 0, 9],
      [0xc1, 1, 1, 0, 0, 0, 0, 0, 128, 1],
      [0xc1, 2, 0, 0, 0, 0, 0, 16, 0, 0],
    ]) {
      expect(() => lane.server.take(Uint8Array.from(bad))).toThrow(LaneError);
    }
  });

  it('that was cut short behind its back is an error for its reader, not wrong bytes', () => {
    const lanes = createServerLanes();
    const offered = lanes.open();
    truncateSync(offered?.header.split(' ')[0] ?? '', 5000);
    expect(joinLane(offered?.header)).toBeUndefined();
    const reference = Uint8Array.of(0xc1, 1, 0, 0, 0, 0, 0, 16, 0, 0);
    expect(() => offered?.lane.take(reference)).toThrow(LaneError);
    offered?.lane.close();
    lanes.close();
  });

  it('is not looked for where no server of ours would have put it', () => {
    const lanes = createServerLanes();
    const offered = lanes.open();
    const [own = '', common = '', nonce = ''] = offered?.header.split(' ') ?? [];
    const elsewhere = [
      undefined,
      '',
      `/etc/passwd ${common} ${nonce}`,
      `/dev/shm/paceline-../x ${common} ${nonce}`,
      `${own} /proc/self/mem ${nonce}`,
      // Another process, or another file of it, with that number.
      `${own} /proc/${String(process.pid)}/fd/1 ${nonce}`,
      `${own} ${common} ${nonce.replaceAll(/./g, '0')}`,
    ];
    for (const header of elsewhere) {
      expect(joinLane(header)).toBeUndefined();
    }
    offered?.lane.close();
    lanes.close();
  });
});

/** A socket in front of another one that counts what passes. */
async function openRelay(target: string) {
  let bytes = 0;
  const sockets = new Set<Socket>();
  const path = freshPath();
  const server = createServer((near) => {
    const far = connectSocket(target);
    for (const [from, to] of [
      [near, far],
      [far, near],
    ] as const) {
      sockets.add(from);
      from.on('error', () => undefined);
      from.on('data', (chunk) => {
        bytes += chunk.length;
        to.write(chunk);
      });
      from.on('close', () => to.destroy());
    }
  });
  server.listen(path);
  await once(server, 'listening');
  return {
    path,
    passed: () => bytes,
    async [Symbol.asyncDispose]() {
      for (const socket of sockets) socket.destroy();
      server.close();
      await once(server, 'close');
    },
  };
}

describe('a connection over a Unix socket', () => {
  const listen = (path: string, guard?: Guard) => {
    const arrived = Promise.withResolvers<Connection>();
    const listening = transport.listen(`unix:${path}`, {
      onConnection: arrived.resolve,
      maxFrameBytes: 8 * mebibyte,
      ...(guard ? { guard } : {}),
    });
    return { arrived: arrived.promise, listening };
  };

  it('sends large frames beside the socket', async () => {
    const path = freshPath();
    const { arrived, listening } = listen(path);
    await using listener = await listening;
    await using relay = await openRelay(path);
    const client = peerOf(await connect(transport, `ws+unix://${relay.path}:/`));
    const server = peerOf(await arrived);
    expect(listener.address).toBe(`unix:${path}`);
    for (let i = 0; i < 20; i++) {
      const frame = frameOf(mebibyte, i);
      client.connection.send(frame);
      expect(isSame(await server.nextFrame(), frame)).toBe(true);
      server.connection.send(frame);
      expect(isSame(await client.nextFrame(), frame)).toBe(true);
    }
    expect(relay.passed()).toBeLessThan(10_000);
    client.connection.terminate();
  });

  it('keeps the order where frames overtake the room that there is', async () => {
    const subject = { transport, freshAddress: () => `unix:${freshPath()}` };
    await withPair(subject, {}, async ({ client, server }) => {
      const frames = Array.from({ length: 40 }, (_, i) => frameOf(i % 3 === 0 ? 100 : mebibyte, i));
      let sent = 0;
      for (const frame of frames) {
        const copy = frame.slice();
        client.connection.send(copy, () => {
          sent += 1;
          copy.fill(0);
        });
      }
      for (const frame of frames) expect(isSame(await server.nextFrame(), frame)).toBe(true);
      expect(sent).toBe(frames.length);
    });
    expect(leftBehind()).toEqual([]);
  });

  it('serves a client that knows of no lane', async () => {
    const path = freshPath();
    const { arrived, listening } = listen(path);
    await using listener = await listening;
    const socket = new WebSocket(`ws+unix://${path}:/`, ['paceline.v1']);
    await once(socket, 'open');
    (await arrived).send(frameOf(mebibyte, 1));
    const [data] = (await once(socket, 'message')) as [Buffer];
    expect(data.equals(frameOf(mebibyte, 1))).toBe(true);
    expect(leftBehind()).toEqual([]);
    socket.terminate();
    expect(listener.url).toContain(path);
  });

  it.each([
    ['one that refers to nothing', [0xc1, 9], 1003],
    ['one that refers to more than a stranger may send', [0xc1, 1, 0, 0, 0, 0, 0, 1, 0, 0], 1009],
  ])('ends when a peer sends such a message: %s', async (_words, bytes, code) => {
    const path = freshPath();
    const guard = { maxConnections: 9, maxStrangers: 9, graceMs: 9000, strangerBytes: 50_000 };
    const { arrived, listening } = listen(path, guard);
    await using listener = await listening;
    const headers = { [laneHeader]: 'wanted' };
    const socket = new WebSocket(`ws+unix://${path}:/`, ['paceline.v1'], { headers });
    await once(socket, 'open');
    const server = peerOf(await arrived);
    socket.send(Uint8Array.from(bytes));
    const [found] = (await once(socket, 'close')) as [number];
    expect(found).toBe(code);
    expect((await server.closed).code).toBe(code);
    expect(server.waiting).toEqual([]);
    expect(leftBehind()).toEqual([]);
    expect(listener.url).toContain(path);
  });
});

import assert from 'node:assert/strict';

import { TransportError } from '../errors.ts';
import { connect, peerOf, sendAndWait, within, withPair } from './harness.ts';
import type { Subject } from './harness.ts';

/** One promise of the port, and how to see that an implementation keeps it. */
export interface ConformanceCase {
  /** A sentence that follows "it". */
  readonly title: string;
  readonly run: () => Promise<void>;
}

/** Room for two frames of 400 bytes with what frames them, not for three. */
const strict = { maxConnections: 10, maxStrangers: 10, graceMs: 0, strangerBytes: 1000 };

type Check = (subject: Subject) => Promise<void>;

/**
 * What every transport promises, as cases for any test runner: call `run` of each. They use nothing
 * but the port, and leave nothing open.
 */
export function transportConformance(subject: Subject): readonly ConformanceCase[] {
  return Object.entries(checks).map(([title, check]) => ({ title, run: () => check(subject) }));
}

const checks: Readonly<Record<string, Check>> = {
  'delivers frames whole and in order, in both directions': (subject) =>
    withPair(subject, {}, async ({ client, server }) => {
      const frames = [1, 0, 70_000, 125, 126].map((length, i) => new Uint8Array(length).fill(i));
      for (const frame of frames) client.connection.send(frame);
      for (const frame of frames) assert.deepEqual(bytesOf(await server.nextFrame()), frame);
      for (const frame of frames) server.connection.send(frame);
      for (const frame of frames) assert.deepEqual(bytesOf(await client.nextFrame()), frame);
    }),

  'delivers a frame of 20 MB': (subject) =>
    withPair(subject, {}, async ({ client, server }) => {
      const frame = pattern(20_000_000);
      client.connection.send(frame);
      assert.ok(Buffer.from(frame).equals(await server.nextFrame()));
    }),

  'sends from shared memory': (subject) =>
    withPair(subject, {}, async ({ client, server }) => {
      const area = new Uint8Array(new SharedArrayBuffer(3_000_064));
      area.set(pattern(3_000_000), 64);
      await sendAndWait(client.connection, area.subarray(64));
      assert.ok(Buffer.from(pattern(3_000_000)).equals(await server.nextFrame()));
      await sendAndWait(server.connection, area.subarray(64, 164));
      assert.deepEqual(bytesOf(await client.nextFrame()), pattern(100));
    }),

  'gives a frame back once it has left, unharmed': (subject) =>
    withPair(subject, {}, async ({ client, server }) => {
      const frame = pattern(5_000_000);
      await sendAndWait(client.connection, frame);
      assert.ok(Buffer.from(frame).equals(pattern(5_000_000)));
      frame.fill(0);
      assert.ok(Buffer.from(pattern(5_000_000)).equals(await server.nextFrame()));
    }),

  'sends a copy at once or not at all, in its place among the others': (subject) =>
    withPair(subject, {}, async ({ client, server }) => {
      const frame = pattern(100_000);
      client.connection.send(Uint8Array.of(1));
      const isSent = client.connection.sendCopy(frame);
      client.connection.send(Uint8Array.of(2));
      // It is needed no more, and if it was not sent, nobody expects it.
      frame.fill(0);
      assert.deepEqual(bytesOf(await server.nextFrame()), Uint8Array.of(1));
      if (isSent) assert.ok(Buffer.from(pattern(100_000)).equals(await server.nextFrame()));
      assert.deepEqual(bytesOf(await server.nextFrame()), Uint8Array.of(2));
    }),

  'counts the bytes that wait': (subject) =>
    withPair(subject, {}, async ({ client }) => {
      const queuedBytes = (): number => client.connection.queuedBytes;
      assert.equal(queuedBytes(), 0);
      const left = sendAndWait(client.connection, new Uint8Array(20_000_000));
      assert.ok(queuedBytes() >= 20_000_000, 'the frame waits');
      await left;
      assert.equal(queuedBytes(), 0);
    }),

  'keeps what came before somebody listened': async (subject) => {
    const { transport, freshAddress, tls } = subject;
    await using listener = await transport.listen(freshAddress(), {
      tls,
      maxFrameBytes: 100,
      onConnection(connection) {
        for (const i of [1, 2, 3]) connection.send(Uint8Array.of(i));
        connection.close(4007, 'early end');
      },
    });
    const connection = await connect(transport, listener.url);
    await anotherTurn();
    const client = peerOf(connection);
    assert.deepEqual(await client.closed, { code: 4007, reason: 'early end' });
    assert.deepEqual(
      client.waiting.map(bytesOf),
      [1, 2, 3].map((i) => Uint8Array.of(i)),
    );
  },

  'shows the code and the reason of an end to both sides': (subject) =>
    withPair(subject, {}, async ({ client, server }) => {
      server.connection.close(4005, 'a newer session has your name');
      const closing = { code: 4005, reason: 'a newer session has your name' };
      assert.deepEqual(await client.closed, closing);
      assert.deepEqual(await server.closed, closing);
    }),

  'delivers what was queued before a close': (subject) =>
    withPair(subject, {}, async ({ client, server }) => {
      client.connection.send(pattern(3_000_000));
      client.connection.close(4011, 'leaving');
      assert.equal((await server.nextFrame()).length, 3_000_000);
      assert.deepEqual(await server.closed, { code: 4011, reason: 'leaving' });
    }),

  'cuts a long reason between two characters': (subject) =>
    withPair(subject, {}, async ({ client, server }) => {
      client.connection.close(4011, `${'x'.repeat(122)}é`);
      assert.deepEqual(await server.closed, { code: 4011, reason: 'x'.repeat(122) });
    }),

  'says in words that a connection was lost': (subject) =>
    withPair(subject, {}, async ({ client, server }) => {
      client.connection.terminate();
      const [near, far] = [await client.closed, await server.closed];
      assert.deepEqual([near.code, far.code], [1006, 1006]);
      assert.ok(near.reason.length > 10 && far.reason.length > 10);
    }),

  'closes with 1009 on a frame over the limit, naming it': (subject) =>
    withPair(subject, { maxFrameBytes: 1000 }, async ({ client, server }) => {
      await sendAndWait(client.connection, new Uint8Array(1000));
      assert.equal((await server.nextFrame()).length, 1000);
      client.connection.send(new Uint8Array(1001));
      const closing = await server.closed;
      assert.equal(closing.code, 1009);
      assert.match(closing.reason, /1000 bytes/);
      assert.equal((await client.closed).code, 1009);
      assert.equal(server.waiting.length, 0);
    }),

  'closes a stranger with 1009 that sends more than it may, all frames together': (subject) =>
    withPair(subject, { guard: strict }, async ({ client, server }) => {
      await sendAndWait(client.connection, new Uint8Array(400));
      assert.equal((await server.nextFrame()).length, 400);
      client.connection.send(new Uint8Array(400));
      client.connection.send(new Uint8Array(400));
      assert.equal((await server.closed).code, 1009);
      assert.deepEqual(await client.closed, await server.closed);
    }),

  'takes any number of bytes from whom it has admitted': (subject) =>
    withPair(subject, { guard: strict }, async ({ client, server }) => {
      await sendAndWait(client.connection, new Uint8Array(400));
      assert.equal((await server.nextFrame()).length, 400);
      server.connection.admit();
      server.connection.admit();
      client.connection.admit();
      await sendAndWait(client.connection, new Uint8Array(100_000));
      assert.equal((await server.nextFrame()).length, 100_000);
    }),

  'drops frames after the end, gives them back, and throws nothing': (subject) =>
    withPair(subject, {}, async ({ client, server }) => {
      client.connection.close(4011, 'leaving');
      await sendAndWait(client.connection, new Uint8Array(10));
      await server.closed;
      await sendAndWait(server.connection, new Uint8Array(10));
      client.connection.close(4011, 'again');
      server.connection.terminate();
      assert.equal(client.connection.queuedBytes, 0);
      assert.equal(server.waiting.length, 0);
    }),

  'gives frames back that a lost connection never sent': (subject) =>
    withPair(subject, {}, async ({ client }) => {
      const left = [1, 2, 3].map(() => sendAndWait(client.connection, new Uint8Array(10_000_000)));
      client.connection.terminate();
      await Promise.all(left);
    }),

  'receives nothing more once it has closed': (subject) =>
    withPair(subject, {}, async ({ client, server }) => {
      server.connection.send(new Uint8Array(10));
      client.connection.close(4011, 'leaving');
      await client.closed;
      assert.equal(client.waiting.length, 0);
    }),

  'refuses in words where nobody listens': async ({ transport, freshAddress, tls }) => {
    const listener = await transport.listen(freshAddress(), {
      tls,
      onConnection: () => undefined,
      maxFrameBytes: 100,
    });
    await listener.close();
    await assert.rejects(connect(transport, listener.url), (error: unknown) => {
      return error instanceof TransportError && error.code === 'refused';
    });
  },

  'closes what is connected when the listener closes': (subject) =>
    withPair(subject, {}, async ({ listener, client, server }) => {
      await within(listener.close(), 'the listener to close');
      await listener.close();
      assert.equal((await client.closed).code, 4009);
      assert.equal((await server.closed).code, 4009);
    }),
};

/** Some checks compare with plain arrays of bytes, whatever view the transport gave. */
function bytesOf(frame: Uint8Array): Uint8Array {
  return Uint8Array.from(frame);
}

/** Bytes that repeat only after 251, so that no block of a buffer looks like another. */
function pattern(length: number): Uint8Array {
  const bytes = new Uint8Array(length);
  for (let i = 0; i < length; i++) bytes[i] = i % 251;
  return bytes;
}

function anotherTurn(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}

import { encodeMessage } from '@paceline/protocol';
import type { Connection, Listener, ListenOptions, Transport } from '@paceline/transport';
import { expect, test } from 'vitest';

import { watchTransport } from '../growth/watch-transport.ts';

/** A connection of which the test is the other end. */
function createFakeConnection() {
  const sent: (() => void)[] = [];
  let deliver: (frame: Uint8Array) => void = () => undefined;
  const fake = { queuedBytes: 0, sent, deliver: (frame: Uint8Array) => deliver(frame) };
  const connection: Connection = {
    peer: 'fake',
    isProtected: true,
    lastActivityMs: 0,
    get queuedBytes() {
      return fake.queuedBytes;
    },
    send: (_frame, done) => {
      if (done) sent.push(done);
    },
    sendCopy: ({ length }) => length === 7,
    close: () => undefined,
    terminate: () => undefined,
    admit: () => undefined,
    onMessage: (handler) => void (deliver = handler),
    onClose: () => undefined,
  };
  return { fake, connection };
}

/** Listens on a watched transport, to which the connection comes. */
async function open(connection: Connection) {
  const none: Listener = {
    address: '',
    url: '',
    close: () => Promise.resolve(),
    [Symbol.asyncDispose]: () => Promise.resolve(),
  };
  const inner: Transport = {
    connect: () => Promise.resolve(connection),
    listen: (_address, { onConnection }) => {
      onConnection(connection);
      return Promise.resolve(none);
    },
  };
  const { transport, watch } = watchTransport(inner);
  const seen: Connection[] = [];
  const options: ListenOptions = { maxFrameBytes: 9, onConnection: (each) => seen.push(each) };
  await transport.listen('', options);
  const [watched] = seen;
  if (watched === undefined) throw new Error('nobody came');
  return { watch, watched };
}

test('bytes are counted in both directions, and partial sums apart', async () => {
  const { fake, connection } = createFakeConnection();
  const { watch, watched } = await open(connection);
  const lengths: number[] = [];
  watched.onMessage((frame) => lengths.push(frame.length));
  fake.deliver(encodeMessage({ kind: 'goodbye', reason: '' }));
  // An array of three whose first is the code of a node.
  fake.deliver(Uint8Array.of(0x93, 4, 0x80, 0xc6, 0, 0, 0, 0));
  watched.send(new Uint8Array(5));
  expect([6, 7].map((bytes) => watched.sendCopy(new Uint8Array(bytes)))).toEqual([false, true]);
  expect(lengths[1]).toBe(8);
  expect(watch.receivedBytes).toBe((lengths[0] ?? 0) + 8);
  expect(watch.receivedSumBytes).toBe(8);
  expect(watch.sentBytes).toBe(5 + 7);
});

test('the longest queue is kept when it has drained', async () => {
  const { fake, connection } = createFakeConnection();
  const { watch, watched } = await open(connection);
  for (const bytes of [3, 11, 2]) {
    fake.queuedBytes = bytes;
    watched.send(new Uint8Array(1));
  }
  expect(watched.queuedBytes).toBe(2);
  expect(watch.longestQueueBytes).toBe(11);
});

test('it is drained when the last frame has left', async () => {
  const { fake, connection } = createFakeConnection();
  const { watch, watched } = await open(connection);
  await watch.drained();
  let left = 0;
  watched.send(new Uint8Array(1), () => (left += 1));
  watched.send(new Uint8Array(1), () => (left += 1));
  const drained = watch.drained().then(() => left);
  for (const sent of fake.sent) sent();
  expect(await drained).toBe(2);
});

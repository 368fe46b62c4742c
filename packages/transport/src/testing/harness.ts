import type { Closing, Connection, Guard, Listener, ListenTls, Transport } from '../connection.ts';

/** Nothing in these tests takes longer unless it is broken. */
const deadlineMs = 10_000;

/** One end of a connection, with what came so far. */
export interface Peer {
  readonly connection: Connection;
  /** The next frame that has not been taken yet. */
  nextFrame(): Promise<Uint8Array>;
  /** Frames that came and have not been taken. */
  readonly waiting: readonly Uint8Array[];
  readonly closed: Promise<Closing>;
}

/** A server and a client of it, connected. */
export interface Pair {
  readonly listener: Listener;
  readonly server: Peer;
  readonly client: Peer;
}

/** How to make a listener of the implementation under test. */
export interface Subject {
  readonly transport: Transport;
  /** An address that nobody has; called once for each listener. */
  readonly freshAddress: () => string;
  /** With it, listeners speak TLS. */
  readonly tls?: ListenTls;
}

export interface PairOptions {
  /** Largest frame that either side accepts. Default 32 MiB. */
  readonly maxFrameBytes?: number;
  /** What strangers may take. Default: everybody is admitted. */
  readonly guard?: Guard;
}

/** Runs `use` on a fresh pair and closes everything afterwards. */
export async function withPair(
  subject: Subject,
  options: PairOptions,
  use: (pair: Pair) => Promise<void>,
): Promise<void> {
  const maxFrameBytes = options.maxFrameBytes ?? 32 * 2 ** 20;
  const arrived = Promise.withResolvers<Connection>();
  await using listener = await subject.transport.listen(subject.freshAddress(), {
    onConnection: arrived.resolve,
    maxFrameBytes,
    tls: subject.tls,
    ...(options.guard ? { guard: options.guard } : {}),
  });
  const client = await connect(subject.transport, listener.url, maxFrameBytes);
  const server = peerOf(await within(arrived.promise, 'the connection to arrive'));
  try {
    await use({ listener, server, client: peerOf(client) });
  } finally {
    client.terminate();
  }
}

/** Connects with the patience of these tests. */
export function connect(
  transport: Transport,
  url: string,
  maxFrameBytes: number = 32 * 2 ** 20,
): Promise<Connection> {
  return transport.connect(url, { timeoutMs: deadlineMs, maxFrameBytes });
}

/** Collects what comes over a connection. */
export function peerOf(connection: Connection): Peer {
  const waiting: Uint8Array[] = [];
  const takers: ((frame: Uint8Array) => void)[] = [];
  const closed = Promise.withResolvers<Closing>();
  connection.onMessage((valid) => {
    const frame = new Uint8Array(valid);
    const take = takers.shift();
    if (take) take(frame);
    else waiting.push(frame);
  });
  connection.onClose(closed.resolve);

  function nextFrame(): Promise<Uint8Array> {
    const frame = waiting.shift();
    if (frame) return Promise.resolve(frame);
    const taken = Promise.withResolvers<Uint8Array>();
    takers.push(taken.resolve);
    return within(taken.promise, 'a frame');
  }

  return { connection, nextFrame, waiting, closed: within(closed.promise, 'the end') };
}

/** Sends and waits until the frame has left. */
export function sendAndWait(connection: Connection, frame: Uint8Array): Promise<void> {
  return within(
    new Promise((resolve) => {
      connection.send(frame, resolve);
    }),
    'a frame to leave',
  );
}

/** Fails in words when `promise` takes too long. The timer does not keep the process alive. */
export async function within<T>(promise: Promise<T>, what: string): Promise<T> {
  const late = Promise.withResolvers<never>();
  const timer = setTimeout(() => {
    late.reject(new Error(`waited ${deadlineMs} ms for ${what}`));
  }, deadlineMs);
  timer.unref();
  try {
    return await Promise.race([promise, late.promise]);
  } finally {
    clearTimeout(timer);
  }
}

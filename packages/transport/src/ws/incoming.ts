import type { Duplex } from 'node:stream';
import type { RefusalReason } from '@paceline/protocol';
import type { Clock } from '@paceline/telemetry';
import type { WebSocket } from 'ws';

import { closingOf, cutReason, lostCode } from '../closing.ts';
import type { Closing, ListenOptions } from '../connection.ts';
import type { Inbox } from '../inbox.ts';
import { createInbox } from '../inbox.ts';
import type { Lane } from '../lane/lane.ts';
import { LaneError } from '../lane/lane.ts';
import { describeEnd, refusalOf, strangerFailure } from './ending.ts';

/** What a connection knows beside its socket. */
export interface WebSocketConnectionOptions {
  /** The byte stream below, to see every byte that comes. */
  readonly stream: Duplex;
  readonly peer: string;
  readonly isProtected: boolean;
  readonly certifiedName?: string | undefined;
  readonly maxFrameBytes: number;
  readonly clock: Clock;
  /** The way of large frames, where both ends are on one machine. It belongs to the connection. */
  readonly lane?: Lane | undefined;
  /** Bytes that the peer may send before it is admitted. Default: any number. */
  readonly strangerBytes?: number | undefined;
  readonly onAdmit?: () => void;
  readonly onRefusal?: ListenOptions['onRefusal'];
}

/** What comes over a WebSocket: frames, signs of life, and the end. */
export interface Incoming {
  readonly inbox: Inbox;
  readonly lastActivityMs: number;
  /** The limit of strangers ends. */
  admit(): void;
  /** This side has cut the connection: that is how the end is called. */
  expectCut(): void;
}

/** Listens to a WebSocket and holds a stranger to its bytes. */
export function listenTo(socket: WebSocket, options: WebSocketConnectionOptions): Incoming {
  const { stream, peer, maxFrameBytes, clock } = options;
  const inbox = createInbox();
  let lastActivityMs = clock.now();
  let failure: Error | undefined;
  let isCut = false;
  let roomBytes = options.strangerBytes ?? Infinity;

  const fail = (error: Error): void => void (failure ??= error);
  const refuse = (reason: RefusalReason, words: string): void =>
    options.onRefusal?.({ reason, detail: `${peer}: ${words}` });

  const spend = (bytes: number): void => {
    roomBytes -= bytes;
    if (roomBytes >= 0) return;
    roomBytes = Infinity;
    fail(strangerFailure());
    inbox.mute();
    hangUp(socket, stream);
  };
  const reject = ({ code, reason }: Closing): void => {
    if (socket.readyState === socket.OPEN) refuse('bad-frame', reason);
    inbox.mute();
    socket.close(code, cutReason(reason));
  };

  // Behind the listener of `ws`: bytes that brought about an admission are not counted.
  stream.on('data', (chunk: Buffer) => {
    lastActivityMs = clock.now();
    spend(chunk.length);
  });
  stream.on('error', fail);
  socket.on('error', fail);
  socket.on('message', (data, isBinary) => {
    if (!isBinary) return reject(closingOf(1003, ''));
    const frame = takeFrom(options.lane, data as Buffer);
    if (frame instanceof LaneError) return reject({ code: 1003, reason: frame.message });
    if (frame === undefined) return;
    if (frame !== data) spend(frame.length);
    inbox.deliver(frame);
  });
  socket.on('close', (code, reason) => {
    if (isCut) return inbox.end({ code: lostCode, reason: 'terminated by this side' });
    const closing = describeEnd({ code, reason: reason.toString() }, failure, maxFrameBytes);
    const refusal = refusalOf(failure);
    if (refusal) refuse(refusal, closing.reason);
    inbox.end(closing);
  });

  return {
    inbox,
    get lastActivityMs() {
      return lastActivityMs;
    },
    admit: () => void (roomBytes = Infinity),
    expectCut: () => void (isCut = true),
  };
}

/** The frame that a message is, or stands for. */
function takeFrom(lane: Lane | undefined, message: Uint8Array): Uint8Array | LaneError | undefined {
  try {
    return lane ? lane.take(message) : message;
  } catch (error) {
    if (error instanceof LaneError) return error;
    throw error;
  }
}

/**
 * Closes a WebSocket and reads no more of it: what a flood still sends is dropped as it comes. The answer to the close
 * message is among that, so the socket is cut when the peer had the time to read why.
 */
function hangUp(socket: WebSocket, stream: Duplex): void {
  socket.close(1009, cutReason(strangerFailure().message));
  stream.removeAllListeners('data');
  stream.resume();
}

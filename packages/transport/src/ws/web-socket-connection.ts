import type { Duplex } from 'node:stream';
import type { Clock } from '@paceline/telemetry';
import type { WebSocket } from 'ws';

import { closingOf, cutReason, lostCode, strangerWords } from '../closing.ts';
import type { RefusalReason } from '@paceline/protocol';
import type { Closing, Connection, ListenOptions } from '../connection.ts';
import { systemCode } from '../errors.ts';
import { createInbox } from '../inbox.ts';

/** Each side says something at least this often, so that silence means death and not idleness. */
const pingEveryMs = 5000;

/** What a connection knows beside its socket. */
export interface WebSocketConnectionOptions {
  /** The byte stream below, to see every byte that comes. */
  readonly stream: Duplex;
  readonly peer: string;
  readonly maxFrameBytes: number;
  readonly clock: Clock;
  /** Bytes that the peer may send before it is admitted. Default: any number. */
  readonly strangerBytes?: number | undefined;
  readonly onAdmit?: () => void;
  readonly onRefusal?: ListenOptions['onRefusal'];
}

/** Makes an open WebSocket a connection. From here on the socket belongs to it. */
export function createWebSocketConnection(
  socket: WebSocket,
  options: WebSocketConnectionOptions,
): Connection {
  const { stream, peer, maxFrameBytes, clock } = options;
  const inbox = createInbox();
  let lastActivityMs = clock.now();
  let failure: Error | undefined;
  let isTerminated = false;
  let roomBytes = options.strangerBytes ?? Infinity;

  const refuse = (reason: RefusalReason, words: string): void =>
    options.onRefusal?.({ reason, detail: `${peer}: ${words}` });

  // Behind the listener of `ws`: bytes that brought about an admission are not counted.
  stream.on('data', (chunk: Buffer) => {
    lastActivityMs = clock.now();
    roomBytes -= chunk.length;
    if (roomBytes >= 0) return;
    roomBytes = Infinity;
    failure = strangerFailure();
    inbox.mute();
    hangUp(socket, stream, failure.message);
  });
  stream.on('error', (error) => {
    failure ??= error;
  });
  socket.on('error', (error) => {
    failure ??= error;
  });
  socket.on('message', (data, isBinary) => {
    if (isBinary) inbox.deliver(data as Buffer);
    else refuseText();
  });
  const refuseText = (): void => {
    const { code, reason } = closingOf(1003, '');
    if (socket.readyState === socket.OPEN) refuse('bad-frame', reason);
    inbox.mute();
    socket.close(code, cutReason(reason));
  };
  const stopPinging = pingRegularly(socket, clock);
  socket.on('close', (code, reason) => {
    stopPinging();
    if (isTerminated) return inbox.end({ code: lostCode, reason: 'terminated by this side' });
    const closing = describeEnd({ code, reason: reason.toString() }, failure, maxFrameBytes);
    const refusal = refusalOf(failure);
    if (refusal) refuse(refusal, closing.reason);
    inbox.end(closing);
  });

  return {
    peer,
    get queuedBytes() {
      return socket.bufferedAmount;
    },
    get lastActivityMs() {
      return lastActivityMs;
    },
    send(frame, sent) {
      if (socket.readyState === socket.OPEN) {
        socket.send(frame, { binary: true, compress: false }, () => sent?.());
      } else if (sent) {
        queueMicrotask(sent);
      }
    },
    admit() {
      roomBytes = Infinity;
      options.onAdmit?.();
    },
    close(code, reason) {
      inbox.mute();
      socket.close(code, cutReason(reason));
    },
    terminate() {
      isTerminated ||= socket.readyState !== socket.CLOSED;
      inbox.mute();
      socket.terminate();
    },
    onMessage: inbox.onMessage,
    onClose: inbox.onClose,
  };
}

/**
 * Closes a WebSocket and reads no more of it: what a flood still sends is dropped as it comes. The answer to the close
 * message is among that, so the socket is cut when the peer had the time to read why.
 */
function hangUp(socket: WebSocket, stream: Duplex, reason: string): void {
  socket.close(1009, cutReason(reason));
  stream.removeAllListeners('data');
  stream.resume();
}

function strangerFailure(): Error {
  return Object.assign(new Error(strangerWords), { code: tooManyBytes });
}

function pingRegularly(socket: WebSocket, clock: Clock): () => void {
  let cancel = (): void => undefined;
  const next = (): void => {
    cancel = clock.setTimer(pingEveryMs, () => {
      if (socket.readyState === socket.OPEN) socket.ping();
      next();
    });
  };
  next();
  return () => {
    cancel();
  };
}

/** Our own code, beside those of `ws`. */
const tooManyBytes = 'PACELINE_STRANGER_BYTES';

/** Codes that `ws` has for broken frames; it then ends the connection without hearing the peer out. */
const brokenFrames: Readonly<Record<string, number>> = {
  [tooManyBytes]: 1009,
  WS_ERR_UNSUPPORTED_MESSAGE_LENGTH: 1009,
  WS_ERR_UNSUPPORTED_DATA_PAYLOAD_LENGTH: 1009,
  WS_ERR_INVALID_UTF8: 1007,
  WS_ERR_TOO_MANY_BUFFERED_PARTS: 1008,
};

/** Frames that this side did not take. */
function refusalOf(failure: Error | undefined): RefusalReason | undefined {
  const code = systemCode(failure);
  if (brokenFrames[code] === 1009) return 'too-large';
  return code in brokenFrames || code.startsWith('WS_ERR_') ? 'bad-frame' : undefined;
}

function describeEnd(
  { code, reason }: Closing,
  failure: Error | undefined,
  maxFrameBytes: number,
): Closing {
  const brokenCode = brokenFrames[systemCode(failure)];
  if (systemCode(failure) === tooManyBytes) return { code: 1009, reason: strangerWords };
  if (brokenCode === 1009) {
    return {
      code: 1009,
      reason: `a message was larger than ${maxFrameBytes} bytes, the limit here`,
    };
  }
  if (brokenCode !== undefined) return closingOf(brokenCode, '');
  if (failure && systemCode(failure).startsWith('WS_ERR_')) return closingOf(1002, failure.message);
  const { reason: words } = closingOf(code, reason);
  return { code, reason: failure && code === lostCode ? `${words} (${failure.message})` : words };
}

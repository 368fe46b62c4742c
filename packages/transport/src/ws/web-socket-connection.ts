import type { Duplex } from 'node:stream';
import type { Clock } from '@paceline/telemetry';
import type { WebSocket } from 'ws';

import { closingOf, cutReason, lostCode } from '../closing.ts';
import type { Closing, Connection } from '../connection.ts';
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
}

/** Makes an open WebSocket a connection. From here on the socket belongs to it. */
export function createWebSocketConnection(
  socket: WebSocket,
  { stream, peer, maxFrameBytes, clock }: WebSocketConnectionOptions,
): Connection {
  const inbox = createInbox();
  let lastActivityMs = clock.now();
  let failure: Error | undefined;
  let isTerminated = false;

  stream.on('data', () => {
    lastActivityMs = clock.now();
  });
  stream.on('error', (error) => {
    failure ??= error;
  });
  socket.on('error', (error) => {
    failure ??= error;
  });
  socket.on('message', (data, isBinary) => {
    if (isBinary) inbox.deliver(data as Buffer);
    else socket.close(1003, cutReason(closingOf(1003, '').reason));
  });
  const stopPinging = pingRegularly(socket, clock);
  socket.on('close', (code, reason) => {
    stopPinging();
    if (isTerminated) inbox.end({ code: lostCode, reason: 'terminated by this side' });
    else inbox.end(describeEnd({ code, reason: reason.toString() }, failure, maxFrameBytes));
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

/** Codes that `ws` has for broken frames; it then ends the connection without hearing the peer out. */
const brokenFrames: Readonly<Record<string, number>> = {
  WS_ERR_UNSUPPORTED_MESSAGE_LENGTH: 1009,
  WS_ERR_UNSUPPORTED_DATA_PAYLOAD_LENGTH: 1009,
  WS_ERR_INVALID_UTF8: 1007,
  WS_ERR_TOO_MANY_BUFFERED_PARTS: 1008,
};

function describeEnd(
  { code, reason }: Closing,
  failure: Error | undefined,
  maxFrameBytes: number,
): Closing {
  const brokenCode = brokenFrames[systemCode(failure)];
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

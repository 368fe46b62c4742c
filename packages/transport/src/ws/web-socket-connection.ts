import type { Clock } from '@paceline/telemetry';
import type { WebSocket } from 'ws';

import { cutReason } from '../closing.ts';
import type { Connection } from '../connection.ts';
import { listenTo } from './incoming.ts';
import type { WebSocketConnectionOptions } from './incoming.ts';

const wholeAndPlain = { binary: true, compress: false } as const;

/** Each side says something at least this often, so that silence means death and not idleness. */
const pingEveryMs = 5000;

/** Makes an open WebSocket a connection. From here on the socket belongs to it. */
export function createWebSocketConnection(
  socket: WebSocket,
  options: WebSocketConnectionOptions,
): Connection {
  const incoming = listenTo(socket, options);
  const { inbox } = incoming;
  const { lane } = options;
  socket.on('close', pingRegularly(socket, options.clock));
  socket.on('close', () => lane?.close());
  if (lane?.greeting) socket.send(lane.greeting);
  const sendCopy = (frame: Uint8Array): boolean => {
    if (socket.readyState !== socket.OPEN) return true;
    const reference = lane?.put(frame);
    // A failure of the socket ends the connection: nobody waits for this callback, but without one `ws` would throw.
    if (reference !== undefined) socket.send(reference, wholeAndPlain, () => undefined);
    return reference !== undefined;
  };

  return {
    peer: options.peer,
    isProtected: options.isProtected,
    certifiedName: options.certifiedName,
    get queuedBytes() {
      return socket.bufferedAmount;
    },
    get lastActivityMs() {
      return incoming.lastActivityMs;
    },
    send(frame, sent) {
      if (!sendCopy(frame)) socket.send(frame, wholeAndPlain, () => sent?.());
      else if (sent) queueMicrotask(sent);
    },
    sendCopy,
    admit() {
      incoming.admit();
      options.onAdmit?.();
    },
    close(code, reason) {
      inbox.mute();
      socket.close(code, cutReason(reason));
    },
    terminate() {
      if (socket.readyState !== socket.CLOSED) incoming.expectCut();
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

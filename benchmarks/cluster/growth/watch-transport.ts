import { peekKind } from '@paceline/protocol';
import type { Connection, Transport } from '@paceline/transport';
import { wrapConnections } from '@paceline/transport/testing';

/** What went through the connections of a listener: bytes of messages, without the frames around them. */
export interface Watch {
  receivedBytes: number;
  /** Those of partial sums alone: heartbeats come by the clock, sums by the step. */
  receivedSumBytes: number;
  sentBytes: number;
  /** The most that waited to be sent in this process for one connection. */
  longestQueueBytes: number;
  /** Resolves when everything that says when it has left has done so. */
  drained(): Promise<void>;
}

type Counted = Omit<Watch, 'drained'> & { leaving: number; onDrained: () => void };

/** A transport that counts what its listeners' connections do. */
export function watchTransport(transport: Transport): {
  readonly transport: Transport;
  readonly watch: Watch;
} {
  const counted: Counted = {
    receivedBytes: 0,
    receivedSumBytes: 0,
    sentBytes: 0,
    longestQueueBytes: 0,
    leaving: 0,
    onDrained: () => undefined,
  };
  const drained = async (): Promise<void> => {
    if (counted.leaving === 0) return;
    await new Promise<void>((resolve) => (counted.onDrained = resolve));
  };
  return {
    watch: Object.assign(counted, { drained }),
    transport: wrapConnections(transport, (connection) => watched(connection, counted)),
  };
}

function watched(connection: Connection, counted: Counted): Connection {
  return {
    peer: connection.peer,
    certifiedName: connection.certifiedName,
    isProtected: connection.isProtected,
    get queuedBytes() {
      return connection.queuedBytes;
    },
    get lastActivityMs() {
      return connection.lastActivityMs;
    },
    send(frame, sent) {
      counted.sentBytes += frame.byteLength;
      connection.send(frame, sent && countLeaving(counted, sent));
      counted.longestQueueBytes = Math.max(counted.longestQueueBytes, connection.queuedBytes);
    },
    sendCopy(frame) {
      const isSent = connection.sendCopy(frame);
      if (isSent) counted.sentBytes += frame.byteLength;
      return isSent;
    },
    close: connection.close,
    terminate: connection.terminate,
    admit: connection.admit,
    onClose: connection.onClose,
    onMessage(handler) {
      connection.onMessage((frame) => {
        counted.receivedBytes += frame.byteLength;
        if (peekKind(frame) === 'node') counted.receivedSumBytes += frame.byteLength;
        handler(frame);
      });
    },
  };
}

function countLeaving(counted: Counted, sent: () => void): () => void {
  counted.leaving += 1;
  return () => {
    counted.leaving -= 1;
    sent();
    if (counted.leaving === 0) counted.onDrained();
  };
}

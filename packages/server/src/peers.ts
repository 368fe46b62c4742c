import type { CloseName, ControlMessage, WorkerMessage } from '@paceline/protocol';
import { closeCodeOf, decodeMessage, encodeMessage } from '@paceline/protocol';
import type { Clock } from '@paceline/telemetry';
import type { Connection } from '@paceline/transport';

/** The open connections by id: frames in become messages, messages out become frames. It decides nothing. */
export interface Peers {
  /** Takes a connection on; its id. */
  add(connection: Connection): number;
  send(id: number, message: ControlMessage): void;
  /** Sends a frame that is never changed again; the same bytes may go to several. */
  sendFrame(id: number, frame: Uint8Array): void;
  close(id: number, because: CloseName, reason: string): void;
  /** Gives the worker credit for bytes of nodes that were taken in; sent on in portions. */
  giveBack(id: number, bytes: number): void;
  /** When the last byte came, by connection. */
  signs(): ReadonlyMap<number, number>;
  /** Bytes handed to the connection that have not left yet; 0 for one that is gone. */
  backlogBytes(id: number): number;
  readonly size: number;
  /** Ends all connections at once. */
  terminate(): void;
}

/** What happens on the connections. */
export interface PeerEvents {
  readonly onMessage: (id: number, message: WorkerMessage, frameBytes: number) => void;
  /** A frame that is no message. */
  readonly onViolation: (id: number, reason: string) => void;
  readonly onClosed: (id: number, reason: string) => void;
}

interface Peer {
  readonly connection: Connection;
  owedBytes: number;
}

/** Opens the table of connections. `creditBytes` is the window that each worker was welcomed with. */
export function createPeers(o: {
  readonly events: PeerEvents;
  readonly creditBytes: number;
  readonly clock: Clock;
}): Peers {
  const peers = new Map<number, Peer>();
  let lastId = 0;
  const send = (id: number, message: ControlMessage): void => {
    peers.get(id)?.connection.send(encodeMessage(message));
  };
  return {
    add(connection) {
      lastId += 1;
      const id = lastId;
      peers.set(id, { connection, owedBytes: 0 });
      connection.onMessage((frame) => {
        if (peers.has(id)) receive(id, frame, o.events);
      });
      connection.onClose(({ code, reason }) => {
        if (!peers.delete(id)) return;
        o.events.onClosed(id, reason === '' ? `connection closed (${String(code)})` : reason);
      });
      return id;
    },
    send,
    sendFrame: (id, frame) => peers.get(id)?.connection.send(frame),
    close(id, because, reason) {
      const peer = peers.get(id);
      peers.delete(id);
      peer?.connection.close(closeCodeOf(because), reason);
    },
    giveBack(id, bytes) {
      const peer = peers.get(id);
      if (peer === undefined) return;
      peer.owedBytes += bytes;
      if (peer.owedBytes * 4 < o.creditBytes) return;
      send(id, { kind: 'credit', bytes: peer.owedBytes });
      peer.owedBytes = 0;
    },
    signs: () => new Map([...peers].map(([id, { connection }]) => [id, connection.lastActivityMs])),
    backlogBytes: (id) => peers.get(id)?.connection.queuedBytes ?? 0,
    get size() {
      return peers.size;
    },
    terminate() {
      for (const { connection } of peers.values()) connection.terminate();
      peers.clear();
    },
  };
}

function receive(id: number, frame: Uint8Array, events: PeerEvents): void {
  let message: WorkerMessage;
  try {
    message = decodeMessage(frame, 'worker');
  } catch (error) {
    events.onViolation(id, error instanceof Error ? error.message : String(error));
    return;
  }
  events.onMessage(id, message, frame.byteLength);
}

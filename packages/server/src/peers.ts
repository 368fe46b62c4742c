import type { CloseName, ControlMessage, RefusalReason, WorkerMessage } from '@paceline/protocol';
import {
  closeCodeOf,
  decodeMessage,
  encodeMessage,
  peekKind,
  ProtocolError,
} from '@paceline/protocol';
import type { Clock } from '@paceline/telemetry';
import type { Connection } from '@paceline/transport';
import type { Objection } from './vetting.ts';

/** The open connections by id: frames in become messages, messages out become frames. It decides nothing. */
export interface Peers {
  /** Takes a connection on; its id. */
  add(connection: Connection): number;
  /** A welcome admits the connection: limits of strangers end with it. */
  send(id: number, message: ControlMessage): void;
  /** Sends a frame that is never changed again; the same bytes may go to several. */
  sendFrame(id: number, frame: Uint8Array): void;
  close(id: number, because: CloseName, reason: string): void;
  /** Gives the worker credit for bytes of nodes that were taken in; sent on in portions. */
  giveBack(id: number, bytes: number): void;
  /** When the last byte came, by connection. */
  signs(): ReadonlyMap<number, number>;
  /** Bytes handed to `send` and `sendFrame` that have not left; 0 for a connection that is gone. */
  backlogBytes(id: number): number;
  readonly size: number;
  /** Ends all connections at once. */
  terminate(): void;
}

/** What happens on the connections. */
export interface PeerEvents {
  /** What is wrong with a message at this moment; what is wrong goes no further. */
  readonly vet: (id: number, message: WorkerMessage) => Objection | undefined;
  readonly onMessage: (id: number, message: WorkerMessage, frameBytes: number) => void;
  /** A worker sent a frame that is no message, or one that it must not send. */
  readonly onViolation: (id: number, reason: string) => void;
  readonly onClosed: (id: number, reason: string) => void;
  readonly onRefusal: (refused: {
    readonly reason: RefusalReason;
    readonly detail: string;
  }) => void;
}

interface Peer {
  readonly connection: Connection;
  owedBytes: number;
  isWelcome: boolean;
}

/** Opens the table of connections. `creditBytes` is the window that each worker was welcomed with. */
export function createPeers(o: {
  readonly events: PeerEvents;
  readonly creditBytes: number;
  readonly clock: Clock;
}): Peers {
  const { events } = o;
  const peers = new Map<number, Peer>();
  let lastId = 0;
  const send = (id: number, message: ControlMessage): void => {
    const peer = peers.get(id);
    if (peer === undefined) return;
    if (message.kind === 'welcome') {
      peer.isWelcome = true;
      peer.connection.admit();
    }
    peer.connection.send(encodeMessage(message));
  };
  /** A stranger is shown the door here: the run has nothing to say about it. A worker is the run's to part with. */
  const refuse = (id: number, peer: Peer, { reason, words }: Objection): void => {
    events.onRefusal({ reason, detail: `${peer.connection.peer}: ${words}` });
    if (peer.isWelcome) return events.onViolation(id, words);
    peers.delete(id);
    peer.connection.close(closeCodeOf('bad-hello'), words);
    events.onClosed(id, words);
  };
  const receive = (id: number, frame: Uint8Array): void => {
    const peer = peers.get(id);
    if (peer === undefined) return;
    const read = peer.isWelcome ? readFrame(frame) : readHello(frame);
    const objection = 'reason' in read ? read : events.vet(id, read.message);
    if (objection !== undefined) return refuse(id, peer, objection);
    if ('message' in read) events.onMessage(id, read.message, frame.byteLength);
  };
  return {
    add(connection) {
      lastId += 1;
      const id = lastId;
      peers.set(id, { connection, owedBytes: 0, isWelcome: false });
      connection.onMessage((frame) => receive(id, frame));
      connection.onClose(({ code, reason }) => {
        if (!peers.delete(id)) return;
        events.onClosed(id, reason === '' ? `connection closed (${String(code)})` : reason);
      });
      return id;
    },
    send,
    sendFrame: (id, frame) => peers.get(id)?.connection.send(frame),
    close(id, because, reason) {
      const peer = peers.get(id);
      if (peer === undefined) return;
      peers.delete(id);
      const refusal = refusalOf(because, peer);
      const detail = `${peer.connection.peer}: ${reason}`;
      if (refusal !== undefined) events.onRefusal({ reason: refusal, detail });
      peer.connection.close(closeCodeOf(because), reason);
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

/** Of a stranger nothing else is even decoded: what may cost much is for those who were welcomed. */
function readHello(frame: Uint8Array): ReturnType<typeof readFrame> {
  const kind = peekKind(frame);
  if (kind === 'hello') return readFrame(frame);
  const words = kind === undefined ? 'the first message is no hello' : `said ${kind} before hello`;
  return { reason: 'no-hello', words };
}

function readFrame(frame: Uint8Array): { readonly message: WorkerMessage } | Objection {
  try {
    return { message: decodeMessage(frame, 'worker') };
  } catch (error) {
    if (error instanceof ProtocolError) return { reason: error.code, words: error.message };
    throw error;
  }
}

/** As what the run's reason to part with a connection counts; a broken message was counted when it came. */
function refusalOf(because: CloseName, { isWelcome }: Peer): RefusalReason | undefined {
  if (because === 'silent') return isWelcome ? undefined : 'hello-timeout';
  const counted = ['unauthorized', 'version-skew', 'quarantined', 'refused'] as const;
  return counted.find((name) => name === because);
}

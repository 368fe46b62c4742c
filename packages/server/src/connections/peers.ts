import type { CloseName, ControlMessage, WorkerMessage } from '@paceline/protocol';
import { closeCodeOf, encodeMessage } from '@paceline/protocol';
import type { Connection, Refused } from '@paceline/transport';
import { asSent, readFrame, readHello, refusalOf, vetName } from './intake.ts';
import type { Objection } from './refusals.ts';
import type { Traffic } from './traffic.ts';

/** The open connections by id: frames in become messages, messages out become frames. It decides nothing. */
export interface Peers {
  /** Takes a connection on; its id. `isStillWelcome` says whether it would be let in now. */
  add(connection: Connection, isStillWelcome?: () => boolean): number;
  /** Those that would not be let in now. */
  unwelcome(): readonly number[];
  /** A welcome admits the connection: limits of strangers end with it. */
  send(id: number, message: ControlMessage): void;
  /** Whether a frame for these must carry a checksum. */
  needChecksum(ids: readonly number[]): boolean;
  /** Sends a frame that stays as it is until `sent`, which is called once; the same bytes may go to several. */
  sendFrame(id: number, frame: Uint8Array, sent?: () => void): void;
  /** Sends a frame that is not needed any more when this returns; false when that cannot be: nothing was sent. */
  sendCopy(id: number, frame: Uint8Array): boolean;
  close(id: number, because: CloseName, reason: string): void;
  /** Gives the worker credit for bytes of nodes that were taken in; sent on in portions. */
  giveBack(id: number, bytes: number): void;
  /** When the last byte came, by connection. */
  signs(): ReadonlyMap<number, number>;
  /** Bytes handed to `send` and `sendFrame` that have not left; 0 for a connection that is gone. */
  backlogBytes(id: number): number;
  readonly size: number;
  /** All bytes so far, of connections that are gone as well. */
  readonly traffic: Traffic;
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
  readonly onRefusal: (refused: Refused) => void;
}

type Counted = { -readonly [K in keyof Traffic]: Traffic[K] };

interface Peer {
  readonly connection: Connection;
  readonly isStillWelcome: () => boolean;
  owedBytes: number;
  isWelcome: boolean;
}

/** Opens the table of connections. `creditBytes` is the window that each worker was welcomed with. */
export function createPeers(o: {
  readonly events: PeerEvents;
  readonly creditBytes: number;
}): Peers {
  const { events } = o;
  const peers = new Map<number, Peer>();
  const traffic: Counted = { receivedBytes: 0, sentBytes: 0 };
  let lastId = 0;
  const { sendFrame, sendCopy } = createSenders(peers, traffic);
  const send = (id: number, message: ControlMessage): void => {
    const peer = peers.get(id);
    if (peer === undefined) return;
    if (message.kind === 'welcome') {
      peer.isWelcome = true;
      peer.connection.admit();
    }
    const { connection } = peer;
    sendFrame(id, encodeMessage(message, { checksum: !connection.isProtected }));
  };
  return {
    add(connection, isStillWelcome = () => true) {
      const id = (lastId += 1);
      peers.set(id, { connection, isStillWelcome, owedBytes: 0, isWelcome: false });
      listenTo(connection, { id, peers, events, traffic });
      return id;
    },
    unwelcome: () => [...peers].flatMap(([id, peer]) => (peer.isStillWelcome() ? [] : id)),
    send,
    needChecksum: (ids) => ids.some((id) => peers.get(id)?.connection.isProtected === false),
    sendFrame,
    sendCopy,
    close(id, because, reason) {
      const peer = peers.get(id);
      if (!peers.delete(id) || peer === undefined) return;
      partWith(peer, { because, reason, events });
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
    traffic,
    get size() {
      return peers.size;
    },
    terminate() {
      for (const { connection } of peers.values()) connection.terminate();
      peers.clear();
    },
  };
}

function createSenders(
  peers: ReadonlyMap<number, Peer>,
  traffic: Counted,
): Pick<Peers, 'sendFrame' | 'sendCopy'> {
  return {
    sendFrame(id, frame, sent) {
      const { connection } = peers.get(id) ?? {};
      if (connection === undefined) return sent?.();
      traffic.sentBytes += frame.byteLength;
      connection.send(frame, sent);
    },
    sendCopy(id, frame) {
      const { connection } = peers.get(id) ?? {};
      if (connection?.sendCopy(frame) === false) return false;
      if (connection !== undefined) traffic.sentBytes += frame.byteLength;
      return true;
    },
  };
}

function listenTo(
  connection: Connection,
  o: {
    readonly id: number;
    readonly peers: Map<number, Peer>;
    readonly events: PeerEvents;
    readonly traffic: Counted;
  },
): void {
  const { id, peers, events, traffic } = o;
  connection.onMessage((frame) => {
    traffic.receivedBytes += frame.byteLength;
    receive(peers, id, { frame, events });
  });
  connection.onClose(({ code, reason }) => {
    if (!peers.delete(id)) return;
    events.onClosed(id, reason === '' ? `connection closed (${String(code)})` : reason);
  });
}

function partWith(
  peer: Peer,
  o: { readonly because: CloseName; readonly reason: string; readonly events: PeerEvents },
): void {
  const { because, reason } = o;
  const refusal = refusalOf(because, peer);
  const detail = `${peer.connection.peer}: ${reason}`;
  if (refusal !== undefined) o.events.onRefusal({ reason: refusal, detail });
  peer.connection.close(closeCodeOf(because), reason);
}

function receive(
  peers: Map<number, Peer>,
  id: number,
  { frame, events }: { readonly frame: Uint8Array; readonly events: PeerEvents },
): void {
  const peer = peers.get(id);
  if (peer === undefined) return;
  const { isWelcome, connection } = peer;
  const read = asSent(isWelcome ? readFrame(frame) : readHello(frame), frame, connection);
  const objection =
    'reason' in read ? read : (vetName(read.message, connection) ?? events.vet(id, read.message));
  if (objection !== undefined) refuse(peers, id, { objection, events });
  else if ('message' in read) events.onMessage(id, read.message, frame.byteLength);
}

/** A stranger is shown the door here: the run has nothing to say about it. A worker is the run's to part with. */
function refuse(
  peers: Map<number, Peer>,
  id: number,
  { objection, events }: { readonly objection: Objection; readonly events: PeerEvents },
): void {
  const peer = peers.get(id);
  if (peer === undefined) return;
  const { reason, words } = objection;
  events.onRefusal({ reason, detail: `${peer.connection.peer}: ${words}` });
  // Bits that changed on the way are nobody's fault: the worker comes back, and sends again.
  const isFault = reason !== 'bad-checksum';
  if (peer.isWelcome && isFault) return events.onViolation(id, words);
  peers.delete(id);
  peer.connection.close(closeCodeOf(partingOf(reason)), words);
  events.onClosed(id, words);
}

/** With which close code a stranger is shown the door. */
function partingOf(reason: Objection['reason']): CloseName {
  if (reason === 'bad-checksum') return 'protocol-error';
  return reason === 'unauthorized' ? 'unauthorized' : 'bad-hello';
}

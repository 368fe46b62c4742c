import type { IncomingMessage, ServerResponse } from 'node:http';
import type { RefusalReason } from '@paceline/protocol';

import type { Reload } from './watch-source.ts';

/** Why a connection ended: a close code (RFC 6455, and those of the protocol) and words. */
export interface Closing {
  readonly code: number;
  /** Never empty: where the peer gave no reason, or died without a word (1006), it says so. */
  readonly reason: string;
}

/** Two peers that send each other frames, in order, each whole or not at all. */
export interface Connection {
  /** Who is at the other end, for logs, for example `10.0.0.7:51234`. */
  readonly peer: string;
  /** The name in the client certificate of the other end, where the listener asks for one. */
  readonly certifiedName?: string | undefined;
  /**
   * Bytes arrive as they were sent, or not at all: in memory, through a Unix socket, under TLS. Plain TCP has 16 bits
   * against changed ones, and whatever is in between may have none: there frames need a checksum of their own.
   */
  readonly isProtected: boolean;
  /**
   * Sends a frame without waiting. `frame` belongs to the connection until `sent` is called, which
   * happens exactly once: when the bytes have left for the system, or when they never will (the
   * connection ended), never within the call. Never throws; after the end frames are dropped. May lie in shared memory.
   * The same object sent to several connections in one turn may be written once for all of them.
   */
  send(frame: Uint8Array, sent?: () => void): void;
  /**
   * Sends a frame of which nothing is needed any more when this returns, where such a way is open at this moment: through
   * shared memory. False when it is not: nothing was sent. After the end frames are dropped.
   */
  sendCopy(frame: Uint8Array): boolean;
  /** Bytes handed to `send` that have not left yet. Nothing bounds them but the sender. */
  readonly queuedBytes: number;
  /**
   * Ends the connection after the frames already queued. Both sides see the code and the reason (cut
   * to 123 bytes). From now on this side receives nothing more.
   */
  close(code: number, reason: string): void;
  /** Ends the connection at once, dropping what is queued; both sides see 1006. */
  terminate(): void;
  /**
   * The peer is no stranger any more: the limit of the listener counts from now on, not those of its guard. Does
   * nothing where there is no guard, and for the second time.
   */
  admit(): void;
  /** The clock's time at which the last byte came: a byte, not a message, is a sign of life. */
  readonly lastActivityMs: number;
  /**
   * Sets the one receiver of frames (a later call replaces it). Frames that came earlier are kept and
   * delivered first, after this call has returned. A frame is the receiver's until its handler returns: whoever wants to
   * keep it copies it. It starts at any alignment.
   */
  onMessage(handler: (frame: Uint8Array) => void): void;
  /** Sets the one receiver of the end. It is called exactly once, after all frames. */
  onClose(handler: (closing: Closing) => void): void;
}

/** Answers plain HTTP requests on the port of the connections. */
export type HttpHandler = (request: IncomingMessage, response: ServerResponse) => void;

/** What strangers, those who are connected and not admitted yet, may take of a server. */
export interface Guard {
  /** Connections altogether, of whatever kind; more are cut at once. */
  readonly maxConnections: number;
  /** Strangers at a time. One more takes the place of the oldest, if that had `graceMs`, or is told to come again. */
  readonly maxStrangers: number;
  readonly graceMs: number;
  /** Bytes after the handshake that a stranger may send, all its messages together. */
  readonly strangerBytes: number;
}

/** Somebody at the door: what a WebSocket or a plain request says of itself before anything of it is read. */
export interface Visitor {
  /** Whether it wants a connection, or just an answer. */
  readonly wants: 'connection' | 'answer';
  /** Of the request, without its query. */
  readonly path: string;
  /** The IP address it comes from; none over a Unix socket. */
  readonly address: string | undefined;
  /** From `Authorization: Bearer`, or for browsers, which cannot set it, from the list of subprotocols. */
  readonly token: string | undefined;
  /** The page that asks, as browsers say it. */
  readonly origin: string | undefined;
  /** Whom the visitor thinks it asks. */
  readonly host: string | undefined;
  /** What it certifies, where the listener asks for client certificates. */
  readonly certificate?: ClientCertificate | undefined;
}

/** What a client certificate is worth. */
export interface ClientCertificate {
  /** Its common name. */
  readonly name: string | undefined;
  /** Why it is not believed: a code of Node's. Also where there is none. */
  readonly problem: string | undefined;
}

/** Certificates of a listener: its own, and the authority of those that clients must show. */
export interface ListenTls {
  readonly certFile: string;
  readonly keyFile: string;
  /** Without it, clients show no certificates. */
  readonly clientCaFile?: string | undefined;
  /** Told when the files have changed. */
  readonly onReload?: (outcome: Reload) => void;
}

/** Why a visitor stays outside. Who wants a connection is told with close code 4001, or with the 429. */
export interface Denial {
  readonly status: 401 | 403 | 429;
  /** A sentence for the visitor, at most 123 bytes: that is what a close message holds. */
  readonly words: string;
}

/** Somebody was turned away, or had its connection ended for what it sent. */
export interface Refused {
  readonly reason: RefusalReason;
  /** Who, or more about it. */
  readonly detail: string;
}

/**
 * Gives an area of exactly so many bytes for a frame, which may be the same at every call; undefined when it has none.
 * `head` is how the frame starts, 128 bytes at most, and valid during the call.
 */
export type FrameMemory = (bytes: number, head: Uint8Array) => Uint8Array | undefined;

/** What a server does with those who come. */
export interface ListenOptions {
  /** `visitor`: as the gate saw it; not in memory, where nobody says anything of itself. */
  onConnection(connection: Connection, visitor?: Visitor): void;
  /** Without it, every plain request is told to come with a WebSocket. */
  readonly onRequest?: HttpHandler;
  /** A peer that sends a larger frame is closed with 1009. */
  readonly maxFrameBytes: number;
  /** With it, TCP connections speak TLS, 1.3 at least; Unix sockets have no use for it. */
  readonly tls?: ListenTls | undefined;
  /** Asked of every visitor. Without it, everybody comes in. */
  readonly gate?: (visitor: Visitor) => Denial | undefined;
  /** Without it, everybody is admitted from the start. */
  readonly guard?: Guard;
  /**
   * Where large frames come to lie that are copied on their way in anyhow, until their handler returns; without it, in
   * memory of the listener's own. Other frames come wherever the system put them.
   */
  readonly frameMemory?: FrameMemory;
  /** Told of every refusal of this layer, also where no connection came about. */
  readonly onRefusal?: (refused: Refused) => void;
}

/** How long a client waits, and how much it takes. */
export interface ConnectOptions {
  /** For the whole way to an open connection. */
  readonly timeoutMs: number;
  /** A peer that sends a larger frame is closed with 1009. */
  readonly maxFrameBytes: number;
  /** As in `ListenOptions`. */
  readonly frameMemory?: FrameMemory;
}

/** A place where connections arrive. */
export interface Listener {
  /** What it listens on, as `listen` takes it; has the port that was given for port 0. */
  readonly address: string;
  /** Where to connect; has the port that was given for port 0. */
  readonly url: string;
  /**
   * Stops listening, closes the connections that are left with `shutting-down`, and resolves when
   * nothing is left: no socket, no timer, no socket file. May be called again.
   */
  close(): Promise<void>;
  [Symbol.asyncDispose](): Promise<void>;
}

/** A way to reach other processes. */
export interface Transport {
  /** Listens on exactly `address`. @throws TransportError */
  listen(address: string, options: ListenOptions): Promise<Listener>;
  /** Connects once; trying again is the caller's. @throws TransportError */
  connect(url: string, options: ConnectOptions): Promise<Connection>;
}

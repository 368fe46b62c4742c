import type { ControlMessage, ServerMessage } from '@paceline/protocol';
import { closeCodeOf, decodeMessage, encodeMessage } from '@paceline/protocol';
import type { Clock } from '@paceline/telemetry';
import type { Connection, ConnectOptions, Transport } from '@paceline/transport';

/** What happens on the line to the server. */
export interface LinkEvents {
  readonly onConnected: () => void;
  readonly onUnreachable: (reason: string, isFinal: boolean) => void;
  readonly onDisconnected: (code: number, reason: string) => void;
  readonly onMessage: (message: ServerMessage) => void;
}

/** The one connection to the server, over as many sockets as it takes. */
export interface Link {
  /** Tries to connect once, after a delay. */
  connect(delayMs: number): void;
  send(message: ControlMessage): void;
  /** Sends a frame that stays untouched until `sent`. Without a connection it is dropped, and `sent` never called. */
  sendFrame(frame: Uint8Array, sent?: () => void): void;
  /** Whether frames need a checksum, on the connection that there is. */
  needsChecksum(): boolean;
  /** Ends the connection; `onDisconnected` follows. */
  hangUp(reason: string): void;
  /** Resolves when the other side has hung up, or after `patienceMs` at the latest; nothing is reported any more. */
  finish(patienceMs: number): Promise<void>;
  /** For how long nothing came, in milliseconds; undefined without a connection. */
  silentMs(): number | undefined;
}

/** What a link is made of. */
export interface LinkOptions {
  readonly url: string;
  readonly transport: Transport;
  readonly clock: Clock;
  readonly maxFrameBytes: number;
  readonly frameMemory: NonNullable<ConnectOptions['frameMemory']>;
  /** For one attempt to connect. */
  readonly timeoutMs: number;
  readonly events: LinkEvents;
}

/** Prepares a link; it connects when it is told to. */
export function createLink(options: LinkOptions): Link {
  return new SocketLink(options);
}

/**
 * Certificates that do not fit at first, and proxies that refuse, never will by waiting; in the middle of a run somebody is
 * about to replace them.
 */
const neverAtFirst: readonly string[] = [
  ...['bad-certificate', 'untrusted', 'tls-mismatch'],
  ...['bad-proxy', 'proxy-refused'],
];

class SocketLink implements Link {
  private readonly options: LinkOptions;
  private connection: Connection | undefined;
  private isOver = false;
  private wasConnected = false;
  private readonly hungUp = Promise.withResolvers<undefined>();

  constructor(options: LinkOptions) {
    this.options = options;
  }

  connect(delayMs: number): void {
    this.options.clock.setTimer(delayMs, () => void this.tryOnce());
  }

  send(message: ControlMessage): void {
    this.connection?.send(encodeMessage(message, { checksum: this.needsChecksum() }));
  }

  readonly sendFrame = (frame: Uint8Array, sent?: () => void): void => {
    this.connection?.send(frame, sent);
  };

  readonly needsChecksum = (): boolean => this.connection?.isProtected === false;

  hangUp(reason: string): void {
    this.connection?.close(closeCodeOf('silent'), reason);
    this.connection?.terminate();
  }

  async finish(patienceMs: number): Promise<void> {
    this.isOver = true;
    const { connection } = this;
    if (connection === undefined) return;
    const cancel = this.options.clock.setTimer(patienceMs, () => {
      this.hungUp.resolve(undefined);
    });
    await this.hungUp.promise;
    cancel();
    connection.terminate();
  }

  silentMs(): number | undefined {
    const { connection } = this;
    return connection && this.options.clock.now() - connection.lastActivityMs;
  }

  private async tryOnce(): Promise<void> {
    const { url, transport, timeoutMs, maxFrameBytes, frameMemory, events } = this.options;
    if (this.isOver) return;
    try {
      this.attach(await transport.connect(url, { timeoutMs, maxFrameBytes, frameMemory }));
    } catch (error) {
      const { reason, code } = describeFailure(error);
      const isFinal = code === 'bad-address' || (!this.wasConnected && neverAtFirst.includes(code));
      events.onUnreachable(reason, isFinal);
    }
  }

  private attach(connection: Connection): void {
    const { events } = this.options;
    if (this.isOver) return connection.terminate();
    this.connection = connection;
    this.wasConnected = true;
    connection.onClose(({ code, reason }) => {
      this.connection = undefined;
      this.hungUp.resolve(undefined);
      if (!this.isOver) events.onDisconnected(code, reason);
    });
    events.onConnected();
    connection.onMessage((frame) => {
      if (!this.isOver) receive(connection, frame, events);
    });
  }
}

function receive(connection: Connection, frame: Uint8Array, events: LinkEvents): void {
  let message: ServerMessage;
  try {
    message = decodeMessage(frame, 'server');
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    connection.close(closeCodeOf('protocol-error'), reason);
    return;
  }
  events.onMessage(message);
}

/**
 * Errors of transports carry a `code`; an address that can never work is not tried again. Somebody else who answers is:
 * a server that dies in a handshake, or a gateway in front of one, looks like that too.
 */
function describeFailure(error: unknown): { readonly reason: string; readonly code: string } {
  const reason = error instanceof Error ? error.message : String(error);
  const hasCode = typeof error === 'object' && error !== null && 'code' in error;
  return { reason, code: hasCode ? String(error.code) : '' };
}

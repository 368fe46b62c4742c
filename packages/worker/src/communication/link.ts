import type { ControlMessage, ServerMessage } from '@paceline/protocol';
import { closeCodeOf, decodeMessage, encodeMessage } from '@paceline/protocol';
import type { Clock } from '@paceline/telemetry';
import type { Connection, Transport } from '@paceline/transport';

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
  /** Ends the connection; `onDisconnected` follows. */
  hangUp(reason: string): void;
  /** Resolves when the other side has hung up, or after `patienceMs` at the latest; nothing is reported any more. */
  finish(patienceMs: number): Promise<void>;
  /** For how long nothing came, in milliseconds; undefined without a connection. */
  silentMs(): number | undefined;
}

/** Prepares a link; it connects when it is told to. */
export function createLink(o: {
  readonly url: string;
  readonly transport: Transport;
  readonly clock: Clock;
  readonly maxFrameBytes: number;
  readonly timeoutMs: number;
  readonly events: LinkEvents;
}): Link {
  let connection: Connection | undefined;
  let isOver = false;
  let hungUp = (): void => undefined;

  const attach = (fresh: Connection): void => {
    if (isOver) return fresh.terminate();
    connection = fresh;
    fresh.onClose(({ code, reason }) => {
      if (connection !== fresh) return;
      connection = undefined;
      hungUp();
      if (!isOver) o.events.onDisconnected(code, reason);
    });
    o.events.onConnected();
    fresh.onMessage((frame) => {
      if (!isOver && connection === fresh) receive(fresh, frame, o.events);
    });
  };
  const tryOnce = async (): Promise<void> => {
    if (isOver) return;
    try {
      const { timeoutMs, maxFrameBytes } = o;
      attach(await o.transport.connect(o.url, { timeoutMs, maxFrameBytes }));
    } catch (error) {
      const { reason, isFinal } = describeFailure(error);
      if (!isOver) o.events.onUnreachable(reason, isFinal);
    }
  };
  return {
    connect(delayMs) {
      o.clock.setTimer(delayMs, () => void tryOnce());
    },
    send: (message) => connection?.send(encodeMessage(message)),
    sendFrame: (frame, sent) => connection?.send(frame, sent),
    hangUp(reason) {
      connection?.close(closeCodeOf('silent'), reason);
      connection?.terminate();
    },
    async finish(patienceMs) {
      isOver = true;
      if (connection === undefined) return;
      await new Promise<void>((resolve) => {
        hungUp = resolve;
        o.clock.setTimer(patienceMs, resolve);
      });
      connection?.terminate();
    },
    silentMs: () =>
      connection === undefined ? undefined : o.clock.now() - connection.lastActivityMs,
  };
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

/** Errors of transports carry a `code`; an address that can never work is not tried again. */
function describeFailure(error: unknown): { readonly reason: string; readonly isFinal: boolean } {
  const reason = error instanceof Error ? error.message : String(error);
  const code = typeof error === 'object' && error !== null && 'code' in error ? error.code : '';
  return { reason, isFinal: code === 'bad-address' || code === 'not-paceline' };
}

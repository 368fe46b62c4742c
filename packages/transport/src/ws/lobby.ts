import type { Socket } from 'node:net';
import type { Clock } from '@paceline/telemetry';

import type { Guard, ListenOptions } from '../connection.ts';

/** A newcomer for whom there is no room has so long to ask for something and read the answer. */
const turnedAwayMs = 1_000;

/**
 * Everybody who is connected and was not admitted: sockets that said nothing yet, plain HTTP, WebSockets without a
 * welcome. Their number is bounded, and nobody keeps others out by just being there: when the lobby is full, the one
 * that waits longest makes room, unless it came a moment ago.
 */
export interface Lobby {
  /** A socket came. */
  enter(socket: Socket): void;
  /** How to part with a stranger that got further than its bare socket. */
  onDismissal(socket: Socket, dismiss: () => void): void;
  /** It is no stranger any more. */
  leave(socket: Socket): void;
  /** Whether there was no room for it: whatever it asks for, the answer is 503. */
  isTurnedAway(socket: Socket): boolean;
}

interface Stranger {
  readonly sinceMs: number;
  dismiss: () => void;
}

/** Opens an empty lobby. */
export function createLobby(o: {
  readonly guard: Pick<Guard, 'maxStrangers' | 'graceMs'> | undefined;
  readonly clock: Clock;
  readonly onRefusal: ListenOptions['onRefusal'];
}): Lobby {
  const { maxStrangers, graceMs } = o.guard ?? { maxStrangers: Infinity, graceMs: 0 };
  /** In the order of their coming. */
  const strangers = new Map<Socket, Stranger>();
  const turnedAway = new WeakSet<Socket>();

  function makeRoom(): boolean {
    if (strangers.size < maxStrangers) return true;
    const [oldest] = strangers;
    if (!oldest || o.clock.now() - oldest[1].sinceMs < graceMs) return false;
    strangers.delete(oldest[0]);
    oldest[1].dismiss();
    return true;
  }

  function turnAway(socket: Socket): void {
    turnedAway.add(socket);
    const cancel = o.clock.setTimer(turnedAwayMs, () => socket.destroy());
    socket.once('close', cancel);
  }

  return {
    enter(socket) {
      const isCrowded = strangers.size >= maxStrangers;
      if (isCrowded) o.onRefusal?.({ reason: 'too-many-connections', detail: 'strangers' });
      if (!makeRoom()) {
        turnAway(socket);
        return;
      }
      strangers.set(socket, { sinceMs: o.clock.now(), dismiss: () => socket.destroy() });
      socket.once('close', () => strangers.delete(socket));
    },
    onDismissal(socket, dismiss) {
      const stranger = strangers.get(socket);
      if (stranger) stranger.dismiss = dismiss;
    },
    leave: (socket) => strangers.delete(socket),
    isTurnedAway: (socket) => turnedAway.has(socket),
  };
}

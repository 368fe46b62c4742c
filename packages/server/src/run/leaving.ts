import { advance } from './joining.ts';
import { leave } from './presence.ts';
import type { Turn } from './turn.ts';
import { act, emit, log } from './turn.ts';

/** A connection is gone, for whatever reason: its work is assigned again at once. */
export function receiveClosed(turn: Turn, connection: number, reason: string): void {
  leave(turn, connection, reason);
  advance(turn);
}

/** A worker leaves by its own will; what it has not sent is handed back. */
export function receiveGoodbye(turn: Turn, connection: number, reason: string): void {
  act(turn, { kind: 'close', to: connection, because: 'going-away', reason: 'goodbye' });
  receiveClosed(turn, connection, reason);
}

/** A worker failed and says how. */
export function receiveFault(turn: Turn, connection: number, message: string): void {
  const name = turn.state.members.get(connection)?.name ?? 'a worker';
  log(turn, 'warn', `${name} failed: ${message}`);
  emit(turn, { type: 'fault', kind: 'worker', detail: `${name}: ${message}` });
  act(turn, { kind: 'close', to: connection, because: 'going-away', reason: 'failed' });
  receiveClosed(turn, connection, `failed: ${message}`);
}

/** A worker broke the protocol: it is closed with the reason before anything of it touches the state. */
export function receiveViolation(turn: Turn, connection: number, reason: string): void {
  const name = turn.state.members.get(connection)?.name ?? 'a stranger';
  log(turn, 'warn', `${name} broke the protocol: ${reason}`);
  emit(turn, { type: 'fault', kind: 'protocol', detail: `${name}: ${reason}` });
  act(turn, { kind: 'close', to: connection, because: 'protocol-error', reason });
  receiveClosed(turn, connection, `protocol error: ${reason}`);
}

/** Nothing was heard of a worker for longer than the deadline. */
export function receiveSilence(turn: Turn, connection: number, silentMs: number): void {
  const reason = `no sign of life for ${(silentMs / 1000).toFixed(1)} s`;
  const member = turn.state.members.get(connection);
  if (member !== undefined) {
    emit(turn, {
      type: 'worker',
      event: 'suspected',
      worker: member.name,
      pid: member.pid,
      reason,
    });
  }
  act(turn, { kind: 'close', to: connection, because: 'silent', reason });
  receiveClosed(turn, connection, reason);
}

import { memberNamed } from '../membership/members.ts';
import { addStrike, quarantineReason } from '../membership/strikes.ts';
import { advance } from './joining.ts';
import { leave } from './presence.ts';
import type { Turn } from './turn.ts';
import { act, change, emit, log } from './turn.ts';

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

/**
 * A worker broke the protocol: it is closed with the reason before anything of it touches the state, and may come back
 * until it has done so too often. Of strangers only the number is kept.
 */
export function receiveViolation(turn: Turn, connection: number, reason: string): void {
  const name = turn.state.members.get(connection)?.name;
  act(turn, { kind: 'count', what: 'violation' });
  if (name !== undefined) {
    tellViolation(turn, `${name}: ${reason}`);
    strike(turn, name, reason);
    if (!turn.state.members.has(connection)) return;
  }
  act(turn, { kind: 'close', to: connection, because: 'protocol-error', reason });
  receiveClosed(turn, connection, `protocol error: ${reason}`);
}

/** The token of a connection was taken back: it may come again with another one. */
export function receiveRevoked(turn: Turn, connection: number): void {
  const reason = 'the token that it came with was taken back';
  act(turn, { kind: 'close', to: connection, because: 'revoked', reason });
  receiveClosed(turn, connection, reason);
}

/** At most one event in so long: whoever floods us must not fill our disk. The counters have them all. */
const violationEventMs = 1000;

function tellViolation(turn: Turn, detail: string): void {
  const { violationToldMs } = turn.state;
  if (violationToldMs !== undefined && turn.nowMs - violationToldMs < violationEventMs) return;
  change(turn, { violationToldMs: turn.nowMs });
  emit(turn, { type: 'fault', kind: 'protocol', detail });
}

/** A bad result of a worker. After too many it is let go for good. */
export function strike(turn: Turn, name: string, reason: string): void {
  change(turn, { strikes: addStrike(turn.state.strikes, name, reason) });
  const quarantine = quarantineReason(turn.state.strikes, name);
  const member = memberNamed(turn.state.members, name);
  log(turn, 'warn', `strike against ${name}: ${reason}`);
  if (quarantine === undefined || member === undefined) return;
  const { id, pid } = member;
  emit(turn, { type: 'worker', event: 'quarantined', worker: name, pid, reason: quarantine });
  act(turn, { kind: 'close', to: id, because: 'quarantined', reason: quarantine });
  receiveClosed(turn, id, `quarantined: ${quarantine}`);
}

/** Nothing was heard of a worker for longer than its rhythm allows: its work goes to others, and it may come back. */
export function suspect(turn: Turn, connection: number, reason: string): void {
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

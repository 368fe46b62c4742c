import { beginCheckpoint, isLastCheckpointDue } from './checkpointing.ts';
import type { RunEnd } from './state.ts';
import type { Turn } from './turn.ts';
import { act, change, emit, enter, log, send } from './turn.ts';

/**
 * Ends the run: the last version is written (unless the run failed), then everybody is told. Not before: a server that
 * dies while it writes comes back at an older version, and needs the workers again.
 */
export function finish(turn: Turn, end: RunEnd): void {
  if (turn.state.phase === 'over') return;
  change(turn, { end });
  enter(turn, 'over');
  log(turn, end.status === 'failed' ? 'warn' : 'info', `${end.status}: ${end.reason}`);
  closeWhenSaved(turn);
}

/** Ends a run whose job is wrong in a way that only its first steps show. */
export function failForJob(turn: Turn, reason: string): void {
  emit(turn, { type: 'fault', kind: 'job', detail: reason });
  finish(turn, { status: 'failed', reason });
}

/** Tells the end once nothing is left to be written. */
export function closeWhenSaved(turn: Turn): void {
  const { end, isClosed, checkpoints, version } = turn.state;
  if (end === undefined || isClosed || checkpoints.writing !== undefined) return;
  if (isLastCheckpointDue(turn.state)) return beginCheckpoint(turn);
  change(turn, { isClosed: true });
  act(turn, { kind: 'end', end, version });
  for (const member of turn.state.members.values()) {
    dismiss(turn, member.id);
  }
  // A server that is there for longer has no workers: nobody is to be missed.
  change(turn, { members: new Map() });
}

/**
 * Asked to stop. A step of which nothing is applied yet is abandoned; one that is half applied is finished first
 * (its optimizer slots have moved on), for a second at most.
 */
export function stop(
  turn: Turn,
  { reason, goesOn = false }: { readonly reason: string; readonly goesOn?: boolean },
): void {
  if (turn.state.phase === 'over') return;
  const halfApplied = (turn.state.round?.updated.size ?? 0) > 0;
  if (!halfApplied) return finish(turn, interrupted({ reason, goesOn }));
  change(turn, { stopping: { reason, goesOn, sinceMs: turn.nowMs } });
}

/** The end of a run that was asked to stop. */
export function interrupted({
  reason,
  goesOn,
}: Pick<Required<RunEnd>, 'reason' | 'goesOn'>): RunEnd {
  return { status: 'interrupted', reason, goesOn };
}

/** Sends somebody away who is there after the end, or comes then: for good, or to look for the next server. */
export function dismiss(turn: Turn, connection: number): void {
  const { end, isClosed, version } = turn.state;
  const shutDown = (reason: string): void => {
    act(turn, { kind: 'close', to: connection, because: 'shutting-down', reason });
  };
  if (end === undefined || !isClosed)
    return shutDown('the run is over but for its last checkpoint');
  if (end.goesOn === true) return shutDown(`${end.reason}; another server may go on`);
  send(turn, connection, { kind: 'finished', status: end.status, steps: version });
  act(turn, { kind: 'close', to: connection, because: 'finished', reason: end.reason });
}

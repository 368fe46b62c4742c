import type { Member } from '../membership/members.ts';
import { withoutMember, workersOf } from '../membership/members.ts';
import { dealOut, findGaps } from '../leases/gaps.ts';
import { medianOf } from '../leases/plan.ts';
import { speculate } from '../leases/speculation.ts';
import type { Assignment } from '../leases/round.ts';
import type { Turn } from './turn.ts';
import { act, change, changeMember, emit, log, send } from './turn.ts';

/** Gives a ready worker the parameters and its share of whatever nobody computes. */
export function admit(turn: Turn, member: Member): void {
  const { version, round } = turn.state;
  act(turn, {
    kind: 'snapshot',
    to: member.id,
    version,
    ahead: [...(round?.updated ?? [])].sort((a, b) => a - b),
  });
  changeMember(turn, member, {
    stage: 'active',
    sinceMs: turn.nowMs,
    isBehind: false,
    lease: undefined,
    pausedAt: undefined,
  });
  coverGaps(turn);
}

/** Forgets a worker or a stranger; what it was computing is assigned again at once. */
export function leave(turn: Turn, connection: number, reason: string): void {
  const strangers = new Map(turn.state.strangers);
  strangers.delete(connection);
  change(turn, { strangers });
  const member = turn.state.members.get(connection);
  if (member === undefined) return;
  change(turn, { members: withoutMember(turn.state.members, connection) });
  // Who never worked has no place to come back to; else a flood of hellos would be remembered for ever.
  if (member.stage === 'preparing') forgetOrder(turn, member.session);
  if (turn.state.upload?.from === connection) change(turn, { upload: undefined });
  if (turn.state.phase !== 'over') {
    emit(turn, { type: 'worker', event: 'left', worker: member.name, pid: member.pid, reason });
  }
  dropAssignments(turn, connection);
  coverGaps(turn);
}

function forgetOrder(turn: Turn, session: string): void {
  const orders = new Map(turn.state.orders);
  orders.delete(session);
  change(turn, { orders });
}

/** Restores the invariant: every leaf that is missing is being computed by somebody, if there is anybody. */
export function coverGaps(turn: Turn): void {
  const { round } = turn.state;
  if (round === undefined || turn.state.phase === 'over') return;
  const gaps = findGaps(round);
  if (gaps.length === 0) return;
  const workers = workersOf(turn.state.members);
  const dealt = dealOut(
    gaps,
    workers.map((member) => member.id),
    turn.nowMs,
  );
  assignMore(turn, dealt, 'assigned again');
}

/** Second assignments for stragglers: the first result wins. */
export function coverStragglers(turn: Turn): void {
  const { round, members, phase } = turn.state;
  if (round === undefined || phase === 'over') return;
  const active = workersOf(members);
  const leafMicros = medianOf(active.flatMap((member) => member.leafMicros ?? []));
  const ids = active.map((member) => member.id);
  const more = speculate(round, { active: ids, leafMicros, nowMs: turn.nowMs });
  assignMore(turn, more, 'assigned twice, as it is overdue');
}

function assignMore(turn: Turn, more: readonly Assignment[], why: string): void {
  const { round } = turn.state;
  if (round === undefined || more.length === 0) return;
  change(turn, { round: { ...round, assignments: [...round.assignments, ...more] } });
  for (const assignment of more) sendAssignment(turn, assignment);
  log(turn, 'info', `${why}: ${describeAssignments(turn, more)}`);
}

/** Asks a worker for leaves of the open round beyond its lease. */
export function sendAssignment(turn: Turn, assignment: Assignment): void {
  const { round } = turn.state;
  if (round === undefined) return;
  const { first, end, worker } = assignment;
  if (round.kind === 'evaluation') sendAverages(turn, worker);
  send(
    turn,
    worker,
    round.kind === 'step'
      ? { kind: 'assign', step: round.version, first, end }
      : { kind: 'evaluate', version: round.version, first, end },
  );
}

/** What an evaluation needs beside the parameters, where they are averaged: once a version. */
function sendAverages(turn: Turn, worker: number): void {
  const { version, config, members } = turn.state;
  const member = members.get(worker);
  if (config.settings.optimizer.average === undefined || member === undefined) return;
  if (member.averagedAt === version) return;
  changeMember(turn, member, { averagedAt: version });
  act(turn, { kind: 'averages', to: worker, version });
}

function dropAssignments(turn: Turn, connection: number): void {
  const { round } = turn.state;
  if (round === undefined) return;
  const assignments = round.assignments.filter((a) => a.worker !== connection);
  change(turn, { round: { ...round, assignments } });
}

function describeAssignments(turn: Turn, assignments: readonly Assignment[]): string {
  return assignments
    .map((a) => {
      const name = turn.state.members.get(a.worker)?.name ?? 'nobody';
      return `${String(a.first)}..${String(a.end - 1)} of ${String(turn.state.round?.version ?? 0)} to ${name}`;
    })
    .join(', ');
}

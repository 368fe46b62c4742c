import { createSumTree } from '@paceline/math';
import { apportion, isSameRange } from '../leases/apportion.ts';
import { membersIn } from '../membership/members.ts';
import { finish } from './ending.ts';
import type { Round } from './round.ts';
import { openRound } from './round.ts';
import { isEvaluationDue } from './shape.ts';
import type { RunShape, RunState } from './state.ts';
import { coverGaps, sendAssignment } from './presence.ts';
import type { Turn } from './turn.ts';
import { change, changeMember, emit, enter, log, send } from './turn.ts';

/**
 * What happens at the version just reached: evaluate it, end, hold, or begin the next step. It is decided before any
 * worker can hold the last bucket of that version, so that nobody begins what is not to be.
 */
export function planVersion(turn: Turn): void {
  const { shape, version, config, stopping } = turn.state;
  if (shape === undefined) return;
  change(turn, { round: undefined });
  if (stopping !== undefined)
    return finish(turn, { status: 'interrupted', reason: stopping.reason });
  if (turn.state.evaluated !== version && isEvaluationDue(shape, config.settings, version)) {
    return beginEvaluation(turn, shape);
  }
  if (version >= shape.totalSteps) {
    return finish(turn, { status: 'finished', reason: `${String(version)} steps are done` });
  }
  if (isHeld(turn.state)) return hold(turn);
  beginStep(turn, shape);
}

/** `resume`: passes the hold at the current version, or the one that begins when its evaluation is over. */
export function resume(turn: Turn): void {
  if (!isHeld(turn.state)) return;
  change(turn, { resumed: new Set(turn.state.resumed).add(turn.state.version) });
  log(turn, 'info', `resumed before step ${String(turn.state.version)}`);
  if (turn.state.phase === 'holding') planVersion(turn);
}

function beginStep(turn: Turn, shape: RunShape): void {
  const { version, config } = turn.state;
  const workers = membersIn(turn.state.members, 'active');
  const plan = apportion({ first: 0, end: config.settings.microbatches }, workers.length);
  const round = openRound({
    kind: 'step',
    version,
    tree: shape.treeOf(version),
    buckets: shape.gradientBuckets,
    assignments: assign(workers, plan),
    nowMs: turn.nowMs,
  });
  change(turn, { round });
  enter(turn, 'training');
  workers.forEach((member, i) => {
    const range = plan[i];
    if (range === undefined) return;
    if (member.pausedAt === undefined && isSameRange(member.lease, range)) return;
    changeMember(turn, member, { lease: range, pausedAt: undefined });
    send(turn, member.id, { kind: 'lease', fromStep: version, first: range.first, end: range.end });
  });
  coverGaps(turn);
}

function beginEvaluation(turn: Turn, shape: RunShape): void {
  const { version, config } = turn.state;
  const blocks = Math.ceil(shape.testExamples / config.settings.evaluation.batchSize);
  const workers = membersIn(turn.state.members, 'active');
  pauseAll(turn);
  const assignments = assign(workers, apportion({ first: 0, end: blocks }, workers.length));
  const round = openRound({
    kind: 'evaluation',
    version,
    tree: createSumTree(blocks),
    buckets: 1,
    assignments,
    nowMs: turn.nowMs,
  });
  change(turn, { round });
  enter(turn, 'evaluating');
  for (const assignment of round.assignments) sendAssignment(turn, assignment);
}

function hold(turn: Turn): void {
  pauseAll(turn);
  enter(turn, 'holding');
  const { version } = turn.state;
  emit(turn, { type: 'hold', step: version, until: 'resume' });
  log(turn, 'info', `holding before step ${String(version)} until \`paceline resume\``);
}

/** Whether the run waits for `resume` before the step of its version, or will once the evaluation is over. */
export function isHeld(state: RunState): boolean {
  return state.config.holdAt.includes(state.version) && !state.resumed.has(state.version);
}

function pauseAll(turn: Turn): void {
  const { version } = turn.state;
  for (const member of membersIn(turn.state.members, 'active')) {
    if (member.pausedAt === version) continue;
    changeMember(turn, member, { pausedAt: version });
    send(turn, member.id, { kind: 'pause', step: version });
  }
}

function assign(
  workers: readonly { readonly id: number }[],
  plan: readonly { readonly first: number; readonly end: number }[],
): Round['assignments'] {
  return workers.flatMap((member, i) => {
    const range = plan[i];
    return range === undefined ? [] : [{ worker: member.id, ...range }];
  });
}

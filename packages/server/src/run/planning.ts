import { createSumTree } from '@paceline/math';
import { apportion, isEmptyRange, isSameRange } from '../leases/apportion.ts';
import type { LeaseRange } from '../leases/apportion.ts';
import { medianOf, planLeases } from '../leases/plan.ts';
import type { Member } from '../membership/members.ts';
import { workersOf } from '../membership/members.ts';
import { checkpointIfDue } from './checkpointing.ts';
import { failForJob, finish, interrupted } from './ending.ts';
import type { Round } from '../leases/round.ts';
import { openRound } from '../leases/round.ts';
import { isEvaluationDue } from './shape.ts';
import { gradientNormName } from '../stopping/gradient-norm.ts';
import type { Verdict } from '../stopping/rules.ts';
import { judge } from '../stopping/rules.ts';
import { learningRateAt } from './learning-rate.ts';
import type { RunConfig, RunShape, RunState } from './state.ts';
import type { Summary } from './summary.ts';
import { trainedMs } from './state.ts';
import { coverGaps, sendAssignment } from './presence.ts';
import type { Turn } from './turn.ts';
import { change, changeMember, emit, enter, log, send } from './turn.ts';

/** A worker whose lease was empty for so many steps is measured again. */
const retryAfterSteps = 200;

/**
 * What happens at the version just reached: evaluate it, end, hold, or begin the next step. It is decided before any
 * worker can hold the last bucket of that version, so that nobody begins what is not to be.
 */
export function planVersion(turn: Turn): void {
  const { shape, version, config, stopping } = turn.state;
  if (shape === undefined) return;
  change(turn, { round: undefined });
  if (stopping !== undefined) return finish(turn, interrupted(stopping));
  const verdict = judgeRun(turn, shape);
  const isDue = isEvaluationDue(shape, config.settings, version, verdict !== undefined);
  if (isDue && turn.state.evaluated !== version) return beginEvaluation(turn, shape);
  if (verdict !== undefined) return finish(turn, { status: 'finished', ...verdict });
  checkpointIfDue(turn);
  if (isHeld(turn.state)) return hold(turn);
  beginStep(turn, shape);
}

/** Whether a rule ends the run at the version that was just reached. */
function judgeRun({ state, nowMs }: Turn, shape: RunShape): Verdict | undefined {
  const { version, convergence, best } = state;
  return judge(state.config.settings.until, {
    ...{ version, totalSteps: shape.totalSteps, convergence, best },
    summary: summaryOf(state, shape),
    trainedMs: trainedMs(state, nowMs),
  });
}

/** What a target is compared with, as far as it is known. */
function summaryOf(state: RunState, { testExamples }: RunShape): Summary | undefined {
  const { version, evaluated, evaluation, lastLoss, lastMetrics, config } = state;
  const isOfStep = testExamples === 0 || config.settings.until.target?.metric === gradientNormName;
  if (!isOfStep) return evaluated === version ? evaluation : undefined;
  return lastLoss === undefined ? undefined : { loss: lastLoss, metrics: lastMetrics };
}

/** `pause`: the run holds before its next step. */
export function pause(turn: Turn): void {
  change(turn, { isPausing: true });
}

/** `resume`: passes the hold at the current version, or the one that begins when its evaluation is over. */
export function resume(turn: Turn): void {
  if (!isHeld(turn.state)) return;
  const { resumed: before, version, config } = turn.state;
  // Of those that come again and again, only the last can be met once more.
  const resumed = new Set(config.holdAt.filter((step) => before.has(step))).add(version);
  change(turn, { resumed, isPausing: false });
  log(turn, 'info', `resumed before step ${String(version)}`);
  if (turn.state.phase === 'holding') planVersion(turn);
}

function beginStep(turn: Turn, shape: RunShape): void {
  const learningRate = rateOfStep(turn);
  if (learningRate === undefined) return;
  const { version, training } = turn.state;
  change(turn, { training: { ...training, sinceMs: training.sinceMs ?? turn.nowMs } });
  const workers = workersOf(turn.state.members);
  const tree = shape.treeOf(version);
  const whole = { first: 0, end: tree.leaves };
  const { ranges: plan, unfitSteps } = planLeases(
    whole,
    candidatesOf(turn, workers),
    turn.state.unfitSteps,
  );
  const round = openRound({
    kind: 'step',
    version,
    tree,
    buckets: shape.gradientBuckets,
    assignments: assign(turn, workers, plan),
    learningRate,
    nowMs: turn.nowMs,
  });
  change(turn, { round, unfitSteps });
  enter(turn, 'training');
  workers.forEach((member, i) => {
    const range = plan[i];
    if (range === undefined) return;
    const isSame = isSameRange(member.lease, range);
    if (isSame && member.pausedAt === undefined) return;
    const leasedFrom = isSame ? member.leasedFrom : version;
    changeMember(turn, member, { lease: range, pausedAt: undefined, leasedFrom });
    send(turn, member.id, { kind: 'lease', fromStep: version, first: range.first, end: range.end });
  });
  coverGaps(turn);
}

/** The rate of the step that begins; a schedule of the job's own that fails ends the run. */
function rateOfStep(turn: Turn): number | undefined {
  try {
    return learningRateAt(turn.state, turn.state.version);
  } catch (error) {
    failForJob(turn, error instanceof Error ? error.message : String(error));
    return undefined;
  }
}

function beginEvaluation(turn: Turn, shape: RunShape): void {
  const { version, config } = turn.state;
  const blocks = Math.ceil(shape.testExamples / config.settings.evaluation.batchSize);
  const workers = workersOf(turn.state.members);
  pauseAll(turn);
  const assignments = assign(turn, workers, apportion({ first: 0, end: blocks }, workers.length));
  const round = openRound({
    kind: 'evaluation',
    version,
    tree: createSumTree(blocks),
    buckets: 1,
    assignments,
    learningRate: 0,
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
export function isHeld({ config, version, resumed, isPausing }: RunState): boolean {
  return isPausing || (isHoldingStep(config, version) && !resumed.has(version));
}

function isHoldingStep({ holdAt, holdEvery }: RunConfig, version: number): boolean {
  const isMultiple = holdEvery !== undefined && version > 0 && version % holdEvery === 0;
  return isMultiple || holdAt.includes(version);
}

function pauseAll(turn: Turn): void {
  const { version } = turn.state;
  for (const member of workersOf(turn.state.members)) {
    if (member.pausedAt === version) continue;
    changeMember(turn, member, { pausedAt: version });
    send(turn, member.id, { kind: 'pause', step: version });
  }
}

/** Speeds as the plan takes them: a worker that had nothing to do for long is tried again at the usual speed. */
function candidatesOf(
  turn: Turn,
  workers: readonly Member[],
): readonly Pick<Member, 'leafMicros' | 'lease'>[] {
  const usual = medianOf(workers.flatMap(({ leafMicros }) => leafMicros ?? []));
  return workers.map(({ leafMicros, lease, leasedFrom }) => {
    const isIdle = lease !== undefined && isEmptyRange(lease);
    const isForgotten = isIdle && turn.state.version - leasedFrom >= retryAfterSteps;
    return { lease, leafMicros: isForgotten ? usual : leafMicros };
  });
}

function assign(
  turn: Turn,
  workers: readonly Member[],
  plan: readonly LeaseRange[],
): Round['assignments'] {
  return workers.flatMap((member, i) => {
    const range = plan[i];
    return range === undefined ? [] : [{ worker: member.id, ...range, sinceMs: turn.nowMs }];
  });
}

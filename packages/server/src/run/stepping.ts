import type { TreeNode } from '@paceline/math';
import { locateStep } from '@paceline/math';
import { summarise } from '@paceline/protocol';
import { membersIn, workersOf } from '../membership/members.ts';
import { scalarsBucket } from '../policy/sync.ts';
import { finish } from './ending.ts';
import { receiveViolation } from './leaving.ts';
import { observeStep, observeVersion } from './observing.ts';
import { planVersion } from './planning.ts';
import { acquit, computeOnceMore } from './retrying.ts';
import type { Round } from '../leases/round.ts';
import { receiveNode } from '../leases/round.ts';
import type { UpdateTerms } from '../store/parameter-store.ts';
import type { RunShape, RunState } from './state.ts';
import type { Turn } from './turn.ts';
import { act, change, emit } from './turn.ts';

/** A node of the sum as a worker sent it. */
export interface NodeArrival {
  readonly round: Round['kind'];
  readonly term: number;
  readonly version: number;
  readonly node: TreeNode;
  readonly bucket: number;
  readonly payload: Uint8Array;
}

/**
 * Takes a node in, or counts it as late or as a duplicate. One from the future is against the protocol. Nodes of
 * another term are late: another life of the run asked for them.
 */
export function receiveSum(turn: Turn, connection: number, arrival: NodeArrival): void {
  const { round, config } = turn.state;
  if (arrival.term !== config.term) return act(turn, { kind: 'count', what: 'late' });
  const open = round?.version ?? turn.state.version;
  const timeliness = turn.state.config.policy.judge(arrival.version, open);
  if (timeliness === 'future') {
    const words = `sent a node of step ${String(arrival.version)} while step ${String(open)} is open`;
    return receiveViolation(turn, connection, words);
  }
  if (timeliness === 'late' || round?.kind !== arrival.round) {
    return act(turn, { kind: 'count', what: 'late' });
  }
  addToRound(turn, round, { ...arrival, connection });
}

/** A node that was taken in is not finite. What that means is decided when the root is looked at. */
export function receiveSuspect(
  turn: Turn,
  o: { readonly connection: number; readonly bucket: number; readonly node: TreeNode },
): void {
  const { round, members } = turn.state;
  if (round?.kind !== 'step') return;
  const from = members.get(o.connection)?.name ?? 'a worker that left';
  const suspects = [...round.suspects, { bucket: o.bucket, node: o.node, from }];
  change(turn, { round: { ...round, suspects } });
}

/** A root was looked at: what can be updated now is; the last bucket of a version brings the next one about. */
export function receiveRoot(
  turn: Turn,
  o: { readonly bucket: number; readonly finite: boolean; readonly scalars?: Float32Array },
): void {
  const { round, shape, config } = turn.state;
  if (round === undefined || shape === undefined || turn.state.phase === 'over') return;
  const skip = config.settings.nonFinite === 'skip';
  if (!o.finite && round.kind === 'step') {
    if (computeOnceMore(turn, round, o.bucket)) return;
    if (!skip) return failNonFinite(turn, shape, o.bucket);
  }
  if (o.finite) acquit(turn, round, o.bucket);
  const next: Round = {
    ...round,
    roots: new Set(round.roots).add(o.bucket),
    scalars: o.scalars ?? round.scalars,
    isSkipped: round.isSkipped || !o.finite,
  };
  change(turn, { round: next });
  if (round.kind === 'evaluation') return closeEvaluation(turn, next, shape);
  // What an update of any bucket needs to know of all of them comes first.
  const isPrepared = config.isWholeVector && !next.isSkipped;
  const wholeVector = skip || config.isWholeVector;
  const buckets = config.policy.updatable(next, { wholeVector });
  const terms = buckets.length === 0 ? undefined : termsOf(turn.state);
  if (terms === undefined) return;
  if (isPrepared) return act(turn, { kind: 'prepare', ...terms });
  for (const bucket of buckets) updateBucket(turn, shape, { bucket, terms });
}

/** All sums were gone over: now every bucket can be updated. */
export function receivePrepared(turn: Turn, gradientNorm: number | undefined): void {
  const { round, shape, config } = turn.state;
  if (round === undefined || shape === undefined) return;
  change(turn, { round: { ...round, gradientNorm } });
  const terms = termsOf(turn.state);
  if (terms === undefined) return;
  for (const bucket of config.policy.updatable(round, { wholeVector: true })) {
    updateBucket(turn, shape, { bucket, terms });
  }
}

/** What the open step is to all buckets; undefined before its scalars are there. */
function termsOf({ round, skippedSteps }: RunState): UpdateTerms | undefined {
  if (round?.scalars === undefined) return undefined;
  const { version, learningRate } = round;
  return {
    version,
    root: round.tree.root,
    weight: round.scalars[0] ?? 0,
    updates: version - skippedSteps,
    learningRate,
  };
}

function addToRound(
  turn: Turn,
  round: Round,
  { bucket, node, payload, connection: from }: NodeArrival & { readonly connection: number },
): void {
  // What is computed once more counts from those who were asked, and not by a second copy of the first time.
  if (round.retried.has(bucket) && !isAskedFor(round, { worker: from, node })) {
    return act(turn, { kind: 'count', what: 'duplicate' });
  }
  const received = receiveNode(round, bucket, node);
  if (received.arrival.kind === 'known') return act(turn, { kind: 'count', what: 'duplicate' });
  change(turn, { round: received.round });
  const { dropped, merges, complete } = received.arrival;
  const place = { bucket, node: round.tree.normalise(node), from };
  act(turn, { kind: 'sum', ...place, payload, dropped, merges });
  if (complete) act(turn, { kind: 'check-root', bucket, root: round.tree.root });
}

function isAskedFor(
  { assignments, tree }: Round,
  { worker, node }: { readonly worker: number; readonly node: TreeNode },
): boolean {
  const { first, end } = tree.range(node);
  return assignments.some((a) => a.worker === worker && a.first < end && first < a.end);
}

function updateBucket(
  turn: Turn,
  shape: RunShape,
  { bucket, terms }: { readonly bucket: number; readonly terms: UpdateTerms },
): void {
  const { round } = turn.state;
  if (round === undefined) return;
  const updated = new Set(round.updated).add(bucket);
  change(turn, { round: { ...round, updated } });
  act(turn, { kind: 'update', ...terms, bucket, skip: round.isSkipped });
  const to = membersIn(turn.state.members, 'active')
    .filter((member) => !member.isBehind)
    .map((member) => member.id);
  if (updated.size === shape.gradientBuckets - 1) closeStep(turn, shape, round);
  act(turn, { kind: 'publish', bucket, version: round.version + 1, to });
}

function closeStep(turn: Turn, shape: RunShape, round: Round): void {
  reportStep(turn, shape, round);
  if (round.isSkipped) reportSkipped(turn, round);
  act(turn, { kind: 'clear-round' });
  change(turn, { version: round.version + 1 });
  observeStep(turn, shape, round);
  planVersion(turn);
}

/** The parameters stay as they are; the optimizer does not count such a step. */
function reportSkipped(turn: Turn, { version }: Round): void {
  const skippedSteps = turn.state.skippedSteps + 1;
  change(turn, { skippedSteps });
  const detail =
    `step ${String(version + 1)} was left out: its loss or its gradient is not finite (NaN or infinite); ` +
    `${String(skippedSteps)} of ${String(version + 1)} steps so far`;
  emit(turn, { type: 'fault', kind: 'non-finite', detail });
}

function closeEvaluation(turn: Turn, round: Round, shape: RunShape): void {
  if (round.scalars === undefined) return;
  const { loss, metrics } = summarise(shape.layout.scalars, round.scalars);
  emit(turn, { type: 'evaluation', step: round.version, loss, metrics });
  act(turn, { kind: 'clear-round' });
  const evaluation = { loss, metrics };
  change(turn, { evaluated: round.version, evaluation });
  observeVersion(turn, { step: round.version, summary: evaluation });
  planVersion(turn);
}

function reportStep(turn: Turn, shape: RunShape, round: Round): void {
  if (round.scalars === undefined) return;
  const { config, report } = turn.state;
  const { loss, ...found } = summarise(shape.layout.scalars, round.scalars);
  const { gradientNorm } = round;
  const metrics = { ...found.metrics, ...(gradientNorm === undefined ? {} : { gradientNorm }) };
  const { epoch, count } = locateStep(shape.batches, round.version);
  const examples = report.examples + count;
  change(turn, { lastLoss: loss, lastMetrics: metrics, report: { ...report, examples } });
  const step = round.version + 1;
  if (step !== 1 && step !== shape.totalSteps && step - report.step < config.everySteps) return;
  const seconds = (turn.nowMs - report.atMs) / 1000;
  emit(turn, {
    type: 'step',
    step,
    epoch,
    loss,
    metrics,
    examplesPerSecond: seconds > 0 ? Math.round(examples / seconds) : 0,
    learningRate: round.learningRate,
    workers: workersOf(turn.state.members).length,
    ...(step <= config.doneBefore ? { recomputed: true } : {}),
  });
  change(turn, { report: { atMs: turn.nowMs, step, examples: 0 } });
}

function failNonFinite(turn: Turn, shape: RunShape, bucket: number): void {
  const { round, config } = turn.state;
  const what =
    bucket === scalarsBucket ? 'the loss' : `the gradient of ${tensorsOf(shape, bucket)}`;
  const reason =
    `step ${String((round?.version ?? 0) + 1)}: ${what} is not finite (NaN or infinite). ` +
    `Usual causes: a learning rate that is too high (it is ${String(config.settings.optimizer.learningRate)}) or bad values in the data. ` +
    `nonFinite: 'skip' in the job leaves such steps out.`;
  emit(turn, { type: 'fault', kind: 'non-finite', detail: reason });
  finish(turn, { status: 'failed', reason });
}

function tensorsOf(shape: RunShape, index: number): string {
  const bucket = shape.buckets[index];
  if (bucket === undefined) return `bucket ${String(index)}`;
  const end = bucket.offset + bucket.length;
  const names = shape.vector.tensors
    .filter((tensor) => tensor.offset < end && tensor.offset + tensor.size > bucket.offset)
    .map((tensor) => tensor.name);
  return names.length <= 4 ? names.join(', ') : `${names.slice(0, 4).join(', ')} and others`;
}

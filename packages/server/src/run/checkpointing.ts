import type { JsonObject } from '@paceline/protocol';
import { afterCheckpoint, isCheckpointDue } from '../checkpoint/interval.ts';
import type { CheckpointSections } from '../checkpoint/storage.ts';
import type { CheckpointProgress, RunState } from './state.ts';
import { trainedMs } from './state.ts';
import type { Turn } from './turn.ts';
import { act, change, emit, log } from './turn.ts';

/** Writes the version that was just reached if it is time, or the operator asked. One at a time; the step goes on. */
export function checkpointIfDue(turn: Turn): void {
  const { checkpoints, version: step, config } = turn.state;
  if (!config.keepsCheckpoints || checkpoints.writing !== undefined) return;
  const isDue = isCheckpointDue(checkpoints.interval, { step, nowMs: turn.nowMs });
  if (isDue || checkpoints.isWanted) beginCheckpoint(turn);
}

/** Has the whole state of the present version copied and written in the background. */
export function beginCheckpoint(turn: Turn): void {
  const { version, config } = turn.state;
  if (!config.keepsCheckpoints) return;
  changeCheckpoints(turn, { writing: { version, sinceMs: turn.nowMs }, isWanted: false });
  act(turn, { kind: 'checkpoint', version, sections: sectionsOf(turn.state, turn.nowMs) });
}

/** A checkpoint is on disk. */
export function receiveCheckpointed(
  turn: Turn,
  o: { readonly version: number; readonly path: string; readonly tookMs: number },
): void {
  const { nowMs } = turn;
  const { version: step, path, tookMs } = o;
  if (turn.state.checkpoints.writing?.version !== step) return; // came after its deadline
  const { disk, interval: before } = turn.state.checkpoints;
  emit(turn, { type: 'checkpoint', step, path });
  changeCheckpoints(turn, {
    interval: afterCheckpoint(before, { nowMs, step, tookMs }),
    written: step,
    writing: undefined,
    disk: { ...disk, taken: disk.taken + 1, takenAtMs: nowMs, tookMs },
  });
}

/** The disk did not take it: that is an alarm, and training goes on with the checkpoints that are there. */
export function receiveCheckpointFailed(
  turn: Turn,
  o: { readonly version: number; readonly reason: string },
): void {
  if (turn.state.checkpoints.writing?.version !== o.version) return;
  const detail = `the checkpoint of step ${String(o.version)} was not written: ${o.reason}`;
  const { nowMs } = turn;
  log(turn, 'warn', detail);
  emit(turn, { type: 'fault', kind: 'disk', detail });
  const { interval, disk } = turn.state.checkpoints;
  changeCheckpoints(turn, {
    interval: afterCheckpoint(interval, {
      nowMs,
      step: o.version,
      tookMs: interval.costMs ?? 0,
    }),
    // A disk that refused when the run was over is not asked again for its last version.
    failed: turn.state.phase === 'over' ? turn.state.version : o.version,
    writing: undefined,
    disk: { ...disk, refused: disk.refused + 1 },
  });
}

/** A disk that does not answer is like one that refused. */
export function checkWriting(turn: Turn): void {
  const { checkpoints, config } = turn.state;
  const { writing } = checkpoints;
  const { checkpointMs } = config.deadlines;
  if (writing === undefined || turn.nowMs - writing.sinceMs <= checkpointMs) return;
  const reason = `the disk did not answer within ${String(checkpointMs / 1000)} s`;
  receiveCheckpointFailed(turn, { version: writing.version, reason });
}

/** Whether the last version is still to be written before the end is told. */
export function isLastCheckpointDue(state: RunState): boolean {
  const { checkpoints, config, end, sealed, version, round } = state;
  if (!config.keepsCheckpoints || !sealed || end?.status === 'failed') return false;
  // Of a step that is applied in part, the optimizer's slots belong to no version.
  if (round !== undefined && round.updated.size > 0) return false;
  return checkpoints.written !== version && checkpoints.failed !== version;
}

/** Whether training may not begin yet: version 0 is being written. */
export function isFirstCheckpointUnderWay({ sealed, checkpoints, phase }: RunState): boolean {
  return sealed && phase === 'initial' && checkpoints.writing !== undefined;
}

/** What a run must remember beside parameters and slots, by section. */
function sectionsOf(state: RunState, nowMs: number): CheckpointSections {
  const { plannedSteps, checkpoints, evaluated, evaluation, lastLoss, lastMetrics, end } = state;
  const progress: JsonObject = {
    evaluated: evaluated ?? null,
    evaluation: evaluation === undefined ? null : { ...evaluation },
    skippedSteps: state.skippedSteps,
    trainedMs: trainedMs(state, nowMs),
    lastLoss: lastLoss ?? null,
    lastMetrics: { ...lastMetrics },
    ended: end?.status ?? null,
    resumed: [...state.resumed],
    failures: checkpoints.interval.failures,
  };
  const observed = observedSection(state);
  return { progress, plan: { totalSteps: plannedSteps ?? null }, ...observed };
}

/** What the schedule and early stopping have seen. */
function observedSection({ best, plateau, epochSums, convergence }: RunState): CheckpointSections {
  const { best: value = null, waited, of, step = null, summary } = best;
  const observed: JsonObject = {
    best: { value, waited, of, step, summary: summary === undefined ? null : { ...summary } },
    plateau: { ...plateau, best: plateau.best ?? null },
    epochSums: [...epochSums],
    convergence: { ...convergence, smoothed: convergence.smoothed ?? null },
  };
  return { observed };
}

function changeCheckpoints(turn: Turn, parts: Partial<CheckpointProgress>): void {
  change(turn, { checkpoints: { ...turn.state.checkpoints, ...parts } });
}

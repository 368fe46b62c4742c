import type { CheckpointSettings } from '@paceline/protocol';

/** What decides when the next checkpoint is due. Immutable. */
export interface CheckpointInterval {
  readonly settings: CheckpointSettings;
  /** When this run, or this life of its server, began; on the clock of `nowMs`. */
  readonly startMs: number;
  readonly failures: number;
  readonly lastMs: number;
  readonly lastStep: number;
  /** How long a checkpoint takes; undefined before the first. */
  readonly costMs: number | undefined;
}

const shortestMs = 5_000;
const longestMs = 600_000;
/** What is believed before anything was seen: one failure an hour. */
const priorMs = 3_600_000;
/** Weight of the newest measurement: a few writes follow a disk that became slower, one outlier does not. */
const costWeight = 0.3;

/** Begins at a step whose state is on disk, or that needs not be: 0, or that of the checkpoint resumed from. */
export function createInterval(
  settings: CheckpointSettings,
  o: {
    readonly nowMs: number;
    readonly step: number;
    /** How often something failed that could have cost the run its state. */
    readonly failures?: number;
  },
): CheckpointInterval {
  const { nowMs, step, failures = 0 } = o;
  const costMs = undefined;
  return { settings, startMs: nowMs, failures, lastMs: nowMs, lastStep: step, costMs };
}

/** After a checkpoint of `step` became durable (or failed: then the next attempt comes an interval later). */
export function afterCheckpoint(
  state: CheckpointInterval,
  o: { readonly nowMs: number; readonly step: number; readonly tookMs: number },
): CheckpointInterval {
  const before = state.costMs ?? o.tookMs;
  const costMs = before + costWeight * (o.tookMs - before);
  return { ...state, lastMs: o.nowMs, lastStep: o.step, costMs };
}

/**
 * Whether the state at `step` should be written now. With `everySteps`, at its multiples, so that every run of a job
 * has the same steps on disk; with `everySeconds`, when so much time passed since the last; with both, at whichever
 * comes first; with neither, after {@link autoIntervalMs}. Ask at every step: a step is never due twice.
 */
export function isCheckpointDue(
  state: CheckpointInterval,
  { step, nowMs }: { readonly step: number; readonly nowMs: number },
): boolean {
  const { everySteps, everySeconds } = state.settings;
  if (step <= state.lastStep) return false;
  const passedMs = nowMs - state.lastMs;
  if (everySteps !== undefined && passesMultiple(state.lastStep, step, everySteps)) return true;
  if (everySeconds !== undefined) return passedMs >= everySeconds * 1000;
  return everySteps === undefined && passedMs >= autoIntervalMs(state, nowMs);
}

/**
 * The interval that loses least: sqrt(2 C M) for a cost C of a checkpoint and a mean time M between failures (Young
 * 1974, "A first order approximation to the optimum checkpoint interval"; Daly 2006, equation 20 without the terms that
 * matter only where C is not small against M). Between 5 s and 10 min.
 *
 * C is the whole time of a write, although training goes on meanwhile: the copy that blocks is a small part of it, but
 * the write takes a core and the disk from the run. M is (time so far + 1 h) / (failures + 1).
 */
export function autoIntervalMs(state: CheckpointInterval, nowMs: number): number {
  const meanMs = (nowMs - state.startMs + priorMs) / (state.failures + 1);
  const bestMs = Math.sqrt(2 * (state.costMs ?? 0) * meanMs);
  return Math.min(Math.max(bestMs, shortestMs), longestMs);
}

function passesMultiple(after: number, upTo: number, every: number): boolean {
  return Math.floor(upTo / every) > Math.floor(after / every);
}

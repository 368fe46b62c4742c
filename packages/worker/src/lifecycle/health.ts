import type { WorkerState } from './state.ts';

/** Even the first leaf of a large model on a busy machine takes no longer. */
const leastPatienceMs = 120_000;
/** A leaf that takes so many times as long as usual will not end. */
const mostTimesUsual = 30;

/**
 * Whether the compute loop owes an answer for longer than its leaves explain. What comes before the first leaf (loading a
 * backend, a model, data) has no bound that could be known.
 */
export function isComputeStuck(state: WorkerState, nowMs: number): boolean {
  const { inHand, owedSinceMs, recentMicros } = state;
  if (inHand === 0) return false;
  const longestMs = Math.max(0, ...recentMicros) / 1000;
  return nowMs - owedSinceMs > Math.max(leastPatienceMs, mostTimesUsual * longestMs);
}

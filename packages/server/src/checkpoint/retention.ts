/** Which checkpoints stay. */
export interface Retention {
  /** So many of the newest. At least 1. */
  readonly keep: number;
  /** Those whose step is a multiple of this stay as well. */
  readonly keepEverySteps?: number;
}

/**
 * The steps whose checkpoints may be deleted once that of `written` is durable. `valid` are the steps of those that are
 * whole, in any order: only they count, for a damaged one saves nobody.
 */
export function stepsToDelete(
  valid: readonly number[],
  written: number,
  { keep, keepEverySteps }: Retention,
): readonly number[] {
  const newestFirst = [...valid].sort((a, b) => b - a);
  const isMultiple = (step: number): boolean =>
    keepEverySteps !== undefined && step % keepEverySteps === 0;
  return newestFirst
    .slice(Math.max(1, keep))
    .filter((step) => step !== written && !isMultiple(step));
}

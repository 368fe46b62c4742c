import type { ConvergedSettings } from '@paceline/protocol';

/** What is known of how a value of the steps changes. Plain values: a checkpoint keeps them. */
export interface Convergence {
  /** Which value: another one begins anew. */
  readonly of: string;
  /** Undefined before the first step. */
  readonly smoothed: number | undefined;
  /** Steps in a row in which it changed by the tolerance at most. */
  readonly calmSteps: number;
}

/** Before the first step. */
export const noConvergence: Convergence = { of: 'loss', smoothed: undefined, calmSteps: 0 };

/**
 * The value of one more step: smoothed exponentially, with the weight 2 / (window + 1) for the newest (the mean of so many
 * steps has the same age). One that is not finite begins anew. Pure.
 */
export function observeChange(
  before: Convergence,
  value: number,
  { of, tolerance, windowSteps }: ConvergedSettings,
): Convergence {
  if (!Number.isFinite(value)) return { ...noConvergence, of };
  const { smoothed, calmSteps } = before;
  if (smoothed === undefined || before.of !== of) return { of, smoothed: value, calmSteps: 0 };
  const next = smoothed + (2 / (windowSteps + 1)) * (value - smoothed);
  const isCalm = Math.abs(next - smoothed) <= tolerance * Math.abs(smoothed);
  return { of, smoothed: next, calmSteps: isCalm ? calmSteps + 1 : 0 };
}

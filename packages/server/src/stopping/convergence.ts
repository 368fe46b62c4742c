import type { ConvergedSettings } from '@paceline/protocol';

/** What is known of how the training loss changes. Plain numbers: a checkpoint keeps them. */
export interface Convergence {
  /** Undefined before the first step. */
  readonly smoothedLoss: number | undefined;
  /** Steps in a row in which it changed by the tolerance at most. */
  readonly calmSteps: number;
}

/** Before the first step. */
export const noConvergence: Convergence = { smoothedLoss: undefined, calmSteps: 0 };

/**
 * The loss of one more step: smoothed exponentially, with the weight 2 / (window + 1) for the newest (the mean of so many
 * steps has the same age). A loss that is not finite begins anew. Pure.
 */
export function observeLoss(
  { smoothedLoss, calmSteps }: Convergence,
  loss: number,
  { tolerance, windowSteps }: ConvergedSettings,
): Convergence {
  if (!Number.isFinite(loss)) return noConvergence;
  if (smoothedLoss === undefined) return { smoothedLoss: loss, calmSteps: 0 };
  const next = smoothedLoss + (2 / (windowSteps + 1)) * (loss - smoothedLoss);
  const isCalm = Math.abs(next - smoothedLoss) <= tolerance * Math.abs(smoothedLoss);
  return { smoothedLoss: next, calmSteps: isCalm ? calmSteps + 1 : 0 };
}

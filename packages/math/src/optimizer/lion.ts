/**
 * Lion: Chen et al.: Symbolic discovery of optimization algorithms (NeurIPS 2023), program 1. For each element, each operation
 * rounded to Float32:
 *
 *     c  = m + (1 - beta1) * (g - m)
 *     m  = m + (1 - beta2) * (g - m)
 *     p' = p - (lr * wd) * p - lr * sign(c)          sign(0) = 0
 *
 * m is 0 at first. The weight decay is always decoupled, as in the paper. Keras has the same formula and defaults (lr 0.001, beta1 0.9,
 * beta2 0.99); the paper recommends a learning rate a third to a tenth of Adam's, and a weight decay as much larger.
 */
import { checkNumbers, notNegative, positive, share } from './check-settings.ts';
import { decayOperands } from './decay.ts';
import type { Optimizer } from './optimizer.ts';
import { createElementwise, operandsOf } from './optimizer.ts';

/** The parsed, complete settings of lion. */
export interface LionSettings {
  readonly type: 'lion';
  /** > 0 */
  readonly learningRate: number;
  /** What of the mean is in the step; in [0, 1). */
  readonly beta1: number;
  /** What of the mean stays; in [0, 1). */
  readonly beta2: number;
  /** >= 0 */
  readonly weightDecay: number;
}

/**
 * Creates the lion optimizer; its slot is `mean`.
 * @throws {MathError} `bad-argument` for a number outside the domains above
 */
export function createLion(settings: LionSettings): Optimizer {
  checkNumbers(settings, {
    learningRate: positive,
    beta1: share,
    beta2: share,
    weightDecay: notNegative,
  });
  const { beta1, beta2 } = settings;
  const decay = { ...settings, decoupledWeightDecay: true };
  return createElementwise('lion', ['mean'], (segment) => {
    const { arena, learningRate } = segment;
    const [mean = 0] = segment.slots;
    arena.kernels.lion({
      ...operandsOf(segment),
      ...decayOperands(decay, learningRate),
      ...{ mean, rate: learningRate, restOfBeta1: 1 - beta1, restOfBeta2: 1 - beta2 },
    });
  });
}

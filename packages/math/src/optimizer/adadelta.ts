/**
 * Adadelta: Zeiler: ADADELTA: an adaptive learning rate method (arXiv:1212.5701), algorithm 1. For each element, each
 * operation rounded to Float32, after decay (`decay.ts`):
 *
 *     s  = rho * s + (1 - rho) * g * g
 *     d  = sqrt(u + eps) / sqrt(s + eps) * g
 *     u  = rho * u + (1 - rho) * d * d
 *     p' = p - lr * d
 *
 * s and u are 0 at first. The paper has no learning rate: lr = 1. PyTorch and Keras have the same formula; TensorFlow.js too, but takes s as
 * it was before this gradient. Defaults here are those of the last two (lr 0.001, rho 0.95, eps 1e-7), PyTorch's are 1, 0.9, 1e-6.
 */
import { checkNumbers, notNegative, positive, share } from './check-settings.ts';
import type { DecaySettings } from './decay.ts';
import { decayOperands } from './decay.ts';
import type { Optimizer } from './optimizer.ts';
import { createElementwise, operandsOf } from './optimizer.ts';

/** The parsed, complete settings of adadelta. */
export interface AdadeltaSettings extends DecaySettings {
  readonly type: 'adadelta';
  /** > 0 */
  readonly learningRate: number;
  /** What of the mean squares stays in a step; in [0, 1). */
  readonly rho: number;
  /** > 0: the first move is in proportion to its root. */
  readonly epsilon: number;
}

/**
 * Creates the adadelta optimizer; its slots are `mean-square` and `mean-square-move`.
 * @throws {MathError} `bad-argument` for a number outside the domains above
 */
export function createAdadelta(settings: AdadeltaSettings): Optimizer {
  checkNumbers(settings, {
    learningRate: positive,
    rho: share,
    epsilon: positive,
    weightDecay: notNegative,
  });
  const { rho, epsilon } = settings;
  return createElementwise('adadelta', ['mean-square', 'mean-square-move'], (segment) => {
    const { arena, learningRate } = segment;
    const [meanSquare = 0, meanSquareMove = 0] = segment.slots;
    arena.kernels.adadelta({
      ...operandsOf(segment),
      ...decayOperands(settings, learningRate),
      ...{ meanSquare, meanSquareMove, rate: learningRate, rho, restOfRho: 1 - rho, epsilon },
    });
  });
}

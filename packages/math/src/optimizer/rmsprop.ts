/**
 * RMSProp: Tieleman, Hinton: Lecture 6.5 of Neural Networks for Machine Learning (2012); centered: Graves: Generating
 * sequences with recurrent neural networks (arXiv:1308.0850), equations 38 to 41. For each element, each operation rounded to Float32, after
 * decay (`decay.ts`):
 *
 *     s  = rho * s + (1 - rho) * g * g
 *     d  = g / (sqrt(s) + eps)
 *     centered:       m = m + (1 - rho) * (g - m);  d = g / (sqrt(max(s - m * m, 0)) + eps)
 *     with momentum:  v = mu * v + d;               d = v
 *     p' = p - lr * d
 *
 * s, m and v are 0 at first. PyTorch has the same formula (rho is its alpha, 0.99 by default) without the maximum, which keeps what rounding
 * leaves below zero from becoming NaN. Keras and TensorFlow.js have epsilon inside of the root, as `epsilonInside` has it: d = g / sqrt(s + eps).
 * rho is TensorFlow.js's `decay`; it multiplies by lr inside of the velocity: for a constant lr the steps are the same. Its centered form
 * subtracts epsilon, sqrt(s - m * m - eps), which may have no root; that is not done here.
 */
import { checkNumbers, notNegative, positive, share } from './check-settings.ts';
import type { DecaySettings } from './decay.ts';
import { decayOperands } from './decay.ts';
import type { Optimizer } from './optimizer.ts';
import { createElementwise, operandsOf } from './optimizer.ts';

/** The parsed, complete settings of rmsprop. */
export interface RmspropSettings extends DecaySettings {
  readonly type: 'rmsprop';
  /** > 0 */
  readonly learningRate: number;
  /** What of the mean square stays in a step; in [0, 1). */
  readonly rho: number;
  /** In [0, 1); 0 means none. */
  readonly momentum: number;
  /** Divide by an estimate of the variance instead of the mean square. */
  readonly centered: boolean;
  /** Add epsilon under the root instead of beside it. */
  readonly epsilonInside: boolean;
  /** >= 0 */
  readonly epsilon: number;
}

/**
 * Creates the rmsprop optimizer. Its slots are `mean-square`, then `mean` if it is centered, then `velocity` with momentum.
 * @throws {MathError} `bad-argument` for a number outside the domains above
 */
export function createRmsprop(settings: RmspropSettings): Optimizer {
  checkNumbers(settings, {
    learningRate: positive,
    rho: share,
    momentum: share,
    epsilon: notNegative,
    weightDecay: notNegative,
  });
  const { rho, momentum, centered } = settings;
  const epsilons = epsilonOperands(settings);
  const hasMomentum = momentum > 0;
  const slots = [
    'mean-square',
    ...(centered ? ['mean'] : []),
    ...(hasMomentum ? ['velocity'] : []),
  ];
  return createElementwise('rmsprop', slots, (segment) => {
    const { arena, learningRate } = segment;
    // What the kernel does not touch may have any address.
    const pointerOf = (slot: string): number => segment.slots[slots.indexOf(slot)] ?? 0;
    arena.kernels.rmsprop({
      ...operandsOf(segment),
      ...decayOperands(settings, learningRate),
      isCentered: Number(centered),
      hasMomentum: Number(hasMomentum),
      meanSquare: pointerOf('mean-square'),
      meanGradientAt: pointerOf('mean'),
      velocity: pointerOf('velocity'),
      ...{ rate: learningRate, rho, restOfRho: 1 - rho, momentum, ...epsilons },
    });
  });
}

function epsilonOperands({ epsilon, epsilonInside }: RmspropSettings): {
  readonly epsilon: number;
  readonly innerEpsilon: number;
} {
  return epsilonInside ? { epsilon: 0, innerEpsilon: epsilon } : { epsilon, innerEpsilon: 0 };
}

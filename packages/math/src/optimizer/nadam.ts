/**
 * Nadam: Dozat: Incorporating Nesterov momentum into Adam (ICLR workshop 2016), algorithm 2, with his schedule of the
 * momentum. For each element, each operation rounded to Float32, after decay (`decay.ts`), t counting updates from 1:
 *
 *     mu(t) = beta1 * (1 - 0.5 * 0.96^(t * momentumDecay)),   M = mu(1) * ... * mu(t)
 *     m  = m + (1 - beta1) * (g - m)
 *     v  = beta2 * v + (1 - beta2) * g * g
 *     r  = sqrt(v) / sqrt(1 - beta2^t) + eps
 *     p' = p - (lr * (1 - mu(t)) / (1 - M)) * g / r - (lr * mu(t + 1) / (1 - M * mu(t + 1))) * m / r
 *
 * m and v are 0 at first; what does not depend on the element is computed in Float64. PyTorch has the same formula and momentumDecay 0.004
 * (the paper's 1 / 250), as here. Keras has momentumDecay 1, with which mu is beta1 from the hundredth step on, and epsilon
 * before the correction (`adam.ts`). TensorFlow.js has no Nadam.
 */
import { power } from '../kernels/functions.ts';
import { momentDomains, momentOperands } from './adam.ts';
import type { MomentSettings } from './adam.ts';
import { checkNumbers, notNegative } from './check-settings.ts';
import type { DecaySettings } from './decay.ts';
import { decayOperands } from './decay.ts';
import type { Optimizer } from './optimizer.ts';
import { createElementwise, operandsOf } from './optimizer.ts';

/** The parsed, complete settings of nadam. */
export interface NadamSettings extends MomentSettings, DecaySettings {
  readonly type: 'nadam';
  /** How fast the momentum grows to beta1; >= 0. */
  readonly momentumDecay: number;
}

/**
 * Creates the nadam optimizer; its slots are `mean` and `variance`.
 * @throws {MathError} `bad-argument` for a number outside the domains above
 */
export function createNadam(settings: NadamSettings): Optimizer {
  checkNumbers(settings, { ...momentDomains, momentumDecay: notNegative });
  const { epsilon } = settings;
  const momenta = createMomenta(settings);
  return createElementwise('nadam', ['mean', 'variance'], (segment) => {
    const { arena, learningRate, updates } = segment;
    const [mean = 0, variance = 0] = segment.slots;
    const { now, next, product } = momenta(updates + 1);
    const { correction: _, ...moments } = momentOperands(settings, segment);
    arena.kernels.adam({
      ...operandsOf(segment),
      ...decayOperands(settings, learningRate),
      ...moments,
      ...{ mean, variance, largest: 0, epsilon, isAmsgrad: 0, isNadam: 1 },
      gradientRate: (learningRate * (1 - now)) / (1 - product),
      rate: (learningRate * next) / (1 - product * next),
    });
  });
}

interface Momenta {
  /** mu(t) */
  readonly now: number;
  /** mu(t + 1) */
  readonly next: number;
  /** mu(1) * ... * mu(t), multiplied in that order: from the first on where the step before is not known. */
  readonly product: number;
}

function createMomenta({
  beta1,
  momentumDecay,
}: Pick<NadamSettings, 'beta1' | 'momentumDecay'>): (t: number) => Momenta {
  const momentum = (t: number): number => beta1 * (1 - 0.5 * power(0.96, t * momentumDecay));
  let known = { t: 0, product: 1 };
  return (t) => {
    if (known.t > t) known = { t: 0, product: 1 };
    let { product } = known;
    for (let i = known.t + 1; i <= t; i += 1) product *= momentum(i);
    known = { t, product };
    return { now: momentum(t), next: momentum(t + 1), product };
  };
}

/**
 * Adamax: Kingma, Ba: Adam: a method for stochastic optimization (ICLR 2015), algorithm 2. For each element, each operation
 * rounded to Float32, after decay (`decay.ts`), t counting updates from 1:
 *
 *     m  = m + (1 - beta1) * (g - m)
 *     u  = max(beta2 * u, |g| + eps)
 *     p' = p - (lr / (1 - beta1^t)) * m / u
 *
 * m and u are 0 at first. The paper has no epsilon, PyTorch has it as here; Keras and TensorFlow.js add it to u when they divide.
 */
import { momentDomains, momentOperands } from './adam.ts';
import type { MomentSettings } from './adam.ts';
import { checkNumbers } from './check-settings.ts';
import type { DecaySettings } from './decay.ts';
import { decayOperands } from './decay.ts';
import type { Optimizer } from './optimizer.ts';
import { createElementwise, operandsOf } from './optimizer.ts';

/** The parsed, complete settings of adamax. */
export interface AdamaxSettings extends MomentSettings, DecaySettings {
  readonly type: 'adamax';
}

/**
 * Creates the adamax optimizer; its slots are `mean` and `largest`.
 * @throws {MathError} `bad-argument` for a number outside the domains above
 */
export function createAdamax(settings: AdamaxSettings): Optimizer {
  checkNumbers(settings, momentDomains);
  const { epsilon } = settings;
  return createElementwise('adamax', ['mean', 'largest'], (segment) => {
    const { arena, learningRate } = segment;
    const [mean = 0, largest = 0] = segment.slots;
    const { restOfBeta1, beta2, correction } = momentOperands(settings, segment);
    arena.kernels.adamax({
      ...operandsOf(segment),
      ...decayOperands(settings, learningRate),
      ...{ mean, largest, restOfBeta1, beta2, epsilon, rate: learningRate / correction },
    });
  });
}

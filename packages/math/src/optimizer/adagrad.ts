/**
 * Adagrad: Duchi, Hazan, Singer: Adaptive subgradient methods for online learning and stochastic optimization (JMLR 12,
 * 2011), the diagonal form of section 1.1. For each element, each operation rounded to Float32, after decay (`decay.ts`):
 *
 *     a  = a + g * g                     a is `initialAccumulatorValue` at first
 *     p' = p - (lr * g) / (sqrt(a) + eps)
 *
 * PyTorch has the same formula, with a = 0 at first and eps = 1e-10. Keras and TensorFlow.js have epsilon inside of the
 * root, sqrt(a + eps), and a = 0.1, eps = 1e-7 by default, as here: with these the two differ by less than one part in a
 * million.
 */
import { checkNumbers, notNegative, positive } from './check-settings.ts';
import type { DecaySettings } from './decay.ts';
import { decayOperands } from './decay.ts';
import type { Optimizer, Segment } from './optimizer.ts';
import { createElementwise, operandsOf } from './optimizer.ts';

/** The parsed, complete settings of adagrad. */
export interface AdagradSettings extends DecaySettings {
  readonly type: 'adagrad';
  /** > 0 */
  readonly learningRate: number;
  /** >= 0 */
  readonly initialAccumulatorValue: number;
  /** >= 0 */
  readonly epsilon: number;
}

/**
 * Creates the adagrad optimizer; its slot is `accumulator`.
 * @throws {MathError} `bad-argument` for a number outside the domains above
 */
export function createAdagrad(settings: AdagradSettings): Optimizer {
  checkNumbers(settings, {
    learningRate: positive,
    initialAccumulatorValue: notNegative,
    epsilon: notNegative,
    weightDecay: notNegative,
  });
  const { initialAccumulatorValue, epsilon } = settings;
  return createElementwise('adagrad', ['accumulator'], (segment) => {
    const { arena, learningRate, updates } = segment;
    const [accumulator = 0] = segment.slots;
    if (updates === 0) fill(segment, accumulator, initialAccumulatorValue);
    arena.kernels.adagrad({
      ...operandsOf(segment),
      ...decayOperands(settings, learningRate),
      ...{ accumulator, rate: learningRate, epsilon },
    });
  });
}

function fill({ arena, count }: Segment, pointer: number, value: number): void {
  arena.float32(pointer, count).fill(value);
}

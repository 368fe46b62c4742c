/**
 * An exponential moving average of the parameters, beside them: Polyak, Juditsky: Acceleration of stochastic approximation by
 * averaging (SIAM J. Control Optim. 30, 1992), in its exponential form. After each update, t counting from 0:
 *
 *     d  = decay, or with warm-up the smaller of decay and (1 + t) / (10 + t)
 *     a  = a + (1 - d) * (p' - a)            a is p at first
 *
 * TensorFlow's ExponentialMovingAverage has the same formula and the same warm-up (`num_updates`); Keras' `use_ema` has no warm-up,
 * and begins with p' of the first update.
 */
import { checkNumbers, share } from './check-settings.ts';
import type { Optimizer, Pass } from './optimizer.ts';

/** Whether and how the parameters are averaged. */
export interface AverageSettings {
  /** What of the average stays in a step; in [0, 1). */
  readonly decay: number;
  /** Stay close to the parameters during the first steps. */
  readonly warmup: boolean;
}

/** The name of the slot that holds the average. */
export const averageSlot = 'average';

/**
 * An optimizer that averages the parameters which it moves, in a slot behind its own.
 * @throws {MathError} `bad-argument` for a decay outside [0, 1)
 */
export function withAverage(optimizer: Optimizer, settings: AverageSettings): Optimizer {
  checkNumbers({ type: 'average', decay: settings.decay }, { decay: share });
  const slots = [...optimizer.slots, averageSlot];
  const last = optimizer.passes.length - 1;
  const passes = optimizer.passes.map((pass, i): Pass => {
    if (i < last) return pass;
    return (segment) => {
      pass(segment);
      const { arena, parameters, target, count, updates } = segment;
      const average = segment.slots[optimizer.slots.length] ?? 0;
      const from = updates === 0 ? parameters : average;
      arena.kernels.between(average, from, target, 1 - decayAt(settings, updates), count);
    };
  });
  return { ...optimizer, slots, passes };
}

function decayAt({ decay, warmup }: AverageSettings, updates: number): number {
  return warmup ? Math.min(decay, (1 + updates) / (10 + updates)) : decay;
}

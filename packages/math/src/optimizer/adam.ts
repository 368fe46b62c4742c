/**
 * Adam: Kingma, Ba: Adam: a method for stochastic optimization (ICLR 2015), algorithm 1; AMSGrad: Reddi, Kale, Kumar: On the
 * convergence of Adam and beyond (ICLR 2018), algorithm 2; AdamW: Loshchilov, Hutter: Decoupled Weight Decay Regularization
 * (ICLR 2019), algorithm 2. For each element, each operation rounded to Float32, after decay (`decay.ts`), t counting updates from 1:
 *
 *     m  = m + (1 - beta1) * (g - m)
 *     v  = beta2 * v + (1 - beta2) * g * g
 *     with amsgrad:  u = max(u, v);  v = u      in what follows
 *     p' = p - (lr / (1 - beta1^t)) * m / (sqrt(v) / sqrt(1 - beta2^t) + eps)
 *
 * m, v and u are 0 at first. The corrections are computed in Float64. PyTorch and TensorFlow.js have the same place of epsilon, that of the
 * paper's algorithm 1; Keras adds it to sqrt(v) before the correction (the paper's last paragraph of section 2), so that its epsilon is
 * eps * sqrt(1 - beta2^t) here. Defaults are those of Keras and TensorFlow.js, eps 1e-7; the paper and PyTorch have 1e-8.
 *
 * adamw is adam with decoupled decay: a weight decay of lr * wd, as in PyTorch and Keras.
 */
import { checkNumbers, notNegative, positive, share } from './check-settings.ts';
import type { Domain } from './check-settings.ts';
import type { DecaySettings } from './decay.ts';
import { decayOperands } from './decay.ts';
import type { Optimizer, Segment } from './optimizer.ts';
import { createElementwise, operandsOf } from './optimizer.ts';
import { wholePower } from './powers.ts';

/** What the members of Adam's family have in common. */
export interface MomentSettings {
  /** > 0 */
  readonly learningRate: number;
  /** What of the mean stays in a step; in [0, 1). */
  readonly beta1: number;
  /** What of the mean square stays in a step; in [0, 1). */
  readonly beta2: number;
  /** >= 0 */
  readonly epsilon: number;
}

/** The parsed, complete settings of adam. */
export interface AdamSettings extends MomentSettings, DecaySettings {
  readonly type: 'adam';
  /** Divide by the largest mean square so far. */
  readonly amsgrad: boolean;
}

/** The parsed, complete settings of adamw. */
export interface AdamwSettings extends MomentSettings {
  readonly type: 'adamw';
  readonly amsgrad: boolean;
  /** >= 0 */
  readonly weightDecay: number;
}

/** The domains of their numbers. */
export const momentDomains: Readonly<Record<keyof MomentSettings | 'weightDecay', Domain>> = {
  learningRate: positive,
  beta1: share,
  beta2: share,
  epsilon: notNegative,
  weightDecay: notNegative,
};

/**
 * Creates the adam optimizer; its slots are `mean` and `variance`, and with amsgrad `largest-variance`.
 * @throws {MathError} `bad-argument` for a number outside the domains above
 */
export function createAdam(settings: AdamSettings | AdamwSettings): Optimizer {
  checkNumbers(settings, momentDomains);
  const { type, amsgrad, epsilon } = settings;
  const decay = { decoupledWeightDecay: true, ...settings };
  const slots = ['mean', 'variance', ...(amsgrad ? ['largest-variance'] : [])];
  return createElementwise(type, slots, (segment) => {
    const { arena, learningRate } = segment;
    // Without amsgrad the kernel does not touch the largest variance: any address will do.
    const [mean = 0, variance = 0, largest = 0] = segment.slots;
    const { correction, ...moments } = momentOperands(settings, segment);
    arena.kernels.adam({
      ...operandsOf(segment),
      ...decayOperands(decay, learningRate),
      ...moments,
      ...{ mean, variance, largest, epsilon },
      ...{ isAmsgrad: Number(amsgrad), isNadam: 0, gradientRate: 0 },
      rate: learningRate / correction,
    });
  });
}

/** The operands that update the two means, and what corrects them for their start at zero, in Float64. */
export function momentOperands(
  { beta1, beta2 }: Pick<MomentSettings, 'beta1' | 'beta2'>,
  { updates }: Pick<Segment, 'updates'>,
): Moments {
  return {
    restOfBeta1: 1 - beta1,
    beta2,
    restOfBeta2: 1 - beta2,
    correction: 1 - wholePower(beta1, updates + 1),
    rootCorrection: Math.sqrt(1 - wholePower(beta2, updates + 1)),
  };
}

interface Moments {
  readonly restOfBeta1: number;
  readonly beta2: number;
  readonly restOfBeta2: number;
  /** 1 - beta1^t */
  readonly correction: number;
  /** sqrt(1 - beta2^t) */
  readonly rootCorrection: number;
}

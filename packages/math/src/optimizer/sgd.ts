/**
 * Stochastic gradient descent, with momentum and weight decay. For each element, in this order, every operation rounded
 * to Float32 (p: parameter, v: velocity, lr: learning rate, mu: momentum, wd: weight decay):
 *
 *     g  = scale * sum of the gradients
 *     g  = g + wd * p               coupled weight decay only: an L2 penalty of wd / 2 * p^2
 *     v  = mu * v + g               with momentum; v is 0 at first
 *     d  = g                        without momentum
 *        = v                        heavy ball
 *        = g + mu * v               Nesterov
 *     p  = p - (lr * wd) * p        decoupled weight decay only; lr * wd is rounded once
 *     p' = p - lr * d
 *
 * Momentum and Nesterov: Sutskever, Martens, Dahl, Hinton: On the importance of initialization and momentum in deep
 * learning (ICML 2013), section 2. They keep lr inside the velocity; here it stands outside, as in PyTorch, so that a
 * change of lr acts on the whole velocity at once; for a constant lr the steps are the same. With Nesterov, p is the
 * point ahead at which they take the gradient. Dampening is not offered.
 *
 * Coupled decay passes through the momentum like any gradient; decoupled decay does not: Loshchilov, Hutter: Decoupled
 * Weight Decay Regularization (ICLR 2019), algorithm 1 (SGDW). They scale it by the schedule's multiplier alone; here,
 * as in PyTorch's AdamW, it is scaled by the learning rate: divide their lambda by the initial learning rate.
 */
import { MathError } from '../errors.ts';
import type { DecayRule, MomentumRule } from '../kernels/kernels.ts';
import type { BucketUpdate, Optimizer } from './optimizer.ts';

/** The parsed, complete settings of sgd; `protocol` has their schema and defaults. */
export interface SgdSettings {
  readonly type: 'sgd';
  /** > 0 */
  readonly learningRate: number;
  /** In [0, 1); 0 means none, and then there is no velocity. */
  readonly momentum: number;
  /** Needs a momentum. */
  readonly nesterov: boolean;
  /** >= 0; 0 means none. */
  readonly weightDecay: number;
  /** Beside the gradient (true) or as a part of it (false). */
  readonly decoupledWeightDecay: boolean;
}

/**
 * Creates the sgd optimizer. Its one slot is `velocity`, and only with momentum.
 * @throws {MathError} `bad-argument` for a number outside the domains above, or Nesterov without momentum.
 */
export function createSgd(settings: SgdSettings): Optimizer {
  checkSettings(settings);
  const { learningRate, momentum, weightDecay } = settings;
  const momentumRule = momentumRuleOf(settings);
  const decayRule = decayRuleOf(settings);
  // Rounded to Float32 by the kernel. Multiplying the doubles first leaves one rounding for the product.
  const decay = decayRule === 'decoupled' ? learningRate * weightDecay : weightDecay;
  return Object.freeze({
    type: 'sgd',
    slots: Object.freeze(momentumRule === 'none' ? [] : ['velocity']),
    update: ({ arena, parameters, target, gradient, scale, slots, count }: BucketUpdate) => {
      // Without momentum the kernel does not touch the velocity: any address will do.
      const velocity = slots[0] ?? 0;
      arena.kernels.sgd({
        momentumRule,
        decayRule,
        target,
        parameters,
        gradient,
        velocity,
        count,
        scale,
        learningRate,
        momentum,
        decay,
      });
    },
  });
}

function momentumRuleOf({ momentum, nesterov }: SgdSettings): MomentumRule {
  if (momentum === 0) return 'none';
  return nesterov ? 'nesterov' : 'heavy-ball';
}

function decayRuleOf({ weightDecay, decoupledWeightDecay }: SgdSettings): DecayRule {
  if (weightDecay === 0) return 'none';
  return decoupledWeightDecay ? 'decoupled' : 'coupled';
}

function checkSettings({ learningRate, momentum, nesterov, weightDecay }: SgdSettings): void {
  const check = (name: string, value: number, isRight: boolean, domain: string): void => {
    if (isRight && Number.isFinite(value)) return;
    throw new MathError('bad-argument', `sgd: ${name} must be ${domain}, got ${value}`, {
      data: { name, value },
    });
  };
  check('learningRate', learningRate, learningRate > 0, '> 0');
  check('momentum', momentum, momentum >= 0 && momentum < 1, 'in [0, 1)');
  check('weightDecay', weightDecay, weightDecay >= 0, '>= 0');
  check('momentum', momentum, momentum > 0 || !nesterov, '> 0 with nesterov');
}

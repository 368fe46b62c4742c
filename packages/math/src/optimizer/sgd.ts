/**
 * Stochastic gradient descent, with momentum and weight decay. For each element, in this order, every operation rounded
 * to Float32 (p: parameter, v: velocity, lr: learning rate, mu: momentum, wd: weight decay):
 *
 *     g  = scale * sum of the gradients
 *     g  = g + wd * p               coupled weight decay only: an L2 penalty of wd / 2 * p^2
 *     v  = mu * v + (1 - d) * g     with momentum (d: dampening); v is 0 at first, and d is 0 in the first step
 *     m  = g                        without momentum
 *        = v                        heavy ball
 *        = g + mu * v               Nesterov
 *     p  = p - (lr * wd) * p        decoupled weight decay only; lr * wd is rounded once
 *     p' = p - lr * m
 *
 * Momentum and Nesterov: Sutskever, Martens, Dahl, Hinton: On the importance of initialization and momentum in deep
 * learning (ICML 2013), section 2. They keep lr inside the velocity; here it stands outside, as in PyTorch, so that a
 * change of lr acts on the whole velocity at once; for a constant lr the steps are the same. With Nesterov, p is the
 * point ahead at which they take the gradient. Dampening, and its exception in the first step, are PyTorch's; Keras and
 * TensorFlow.js have none.
 *
 * Coupled decay passes through the momentum like any gradient; decoupled decay does not: Loshchilov, Hutter: Decoupled
 * Weight Decay Regularization (ICLR 2019), algorithm 1 (SGDW). They scale it by the schedule's multiplier alone; here,
 * as in PyTorch's AdamW, it is scaled by the learning rate: divide their lambda by the initial learning rate.
 */
import { checkNumbers, notNegative, positive, share } from './check-settings.ts';
import type { DecaySettings } from './decay.ts';
import { decayOperands } from './decay.ts';
import { MathError } from '../errors.ts';
import type { Optimizer } from './optimizer.ts';
import { createElementwise, operandsOf } from './optimizer.ts';

/** The parsed, complete settings of sgd; `protocol` has their schema and defaults. */
export interface SgdSettings extends DecaySettings {
  readonly type: 'sgd';
  /** > 0 */
  readonly learningRate: number;
  /** In [0, 1); 0 means none, and then there is no velocity. */
  readonly momentum: number;
  /** Needs a momentum, and no dampening. */
  readonly nesterov: boolean;
  /** In [0, 1). */
  readonly dampening: number;
}

/** The numbers that `assembly/sgd.ts` knows the rules by. */
const momentumRules = { none: 0, heavyBall: 1, nesterov: 2 } as const;

/**
 * Creates the sgd optimizer. Its one slot is `velocity`, and only with momentum.
 * @throws {MathError} `bad-argument` for a number outside the domains above, or Nesterov without momentum.
 */
export function createSgd(settings: SgdSettings): Optimizer {
  checkSettings(settings);
  const { momentum, dampening } = settings;
  const momentumRule = momentumRuleOf(settings);
  const slots = momentumRule === momentumRules.none ? [] : ['velocity'];
  return createElementwise('sgd', slots, (segment) => {
    const { arena, learningRate, updates } = segment;
    // Without momentum the kernel does not touch the velocity: any address will do.
    const [velocity = 0] = segment.slots;
    arena.kernels.sgd({
      ...operandsOf(segment),
      ...decayOperands(settings, learningRate),
      ...{ momentumRule, velocity, rate: learningRate, momentum },
      share: updates === 0 ? 1 : 1 - dampening,
    });
  });
}

function momentumRuleOf({ momentum, nesterov }: SgdSettings): number {
  if (momentum === 0) return momentumRules.none;
  return nesterov ? momentumRules.nesterov : momentumRules.heavyBall;
}

function checkSettings(settings: SgdSettings): void {
  checkNumbers(settings, {
    learningRate: positive,
    momentum: share,
    dampening: share,
    weightDecay: notNegative,
  });
  const { nesterov, momentum, dampening } = settings;
  if (!nesterov || (momentum > 0 && dampening === 0)) return;
  throw new MathError('bad-argument', 'sgd: nesterov needs a momentum, and no dampening', {
    data: { momentum, dampening },
  });
}

/**
 * Weight decay: a pull of the parameters towards zero, the same for all optimizers.
 *
 *     coupled:    g  = g + wd * p            part of the gradient, an L2 penalty of wd / 2 * p^2: whatever the optimizer
 *                                            does with gradients, it does with the pull as well
 *     decoupled:  p  = p - (lr * wd) * p     beside it (Loshchilov, Hutter: Decoupled Weight Decay Regularization, ICLR
 *                                            2019); lr is that of the step, schedule included, as in PyTorch and Keras
 */

/** Where the pull is: a number that the kernels know it by. */
export const decayRules: Readonly<Record<DecayRule, number>> = Object.freeze({
  none: 0,
  coupled: 1,
  decoupled: 2,
});

/** Where the weight decay enters: not at all, in the gradient, or beside it. */
export type DecayRule = 'none' | 'coupled' | 'decoupled';

/** Settings that say how the parameters decay. */
export interface DecaySettings {
  /** >= 0; 0 means none. */
  readonly weightDecay: number;
  /** Beside the gradient (true) or as a part of it (false). */
  readonly decoupledWeightDecay: boolean;
}

/** The operands of a kernel for a step at `learningRate`. Products are rounded once, by the kernel. */
export function decayOperands(
  { weightDecay, decoupledWeightDecay }: DecaySettings,
  learningRate: number,
): { readonly decayRule: number; readonly decay: number } {
  if (weightDecay === 0) return { decayRule: decayRules.none, decay: 0 };
  return decoupledWeightDecay
    ? { decayRule: decayRules.decoupled, decay: learningRate * weightDecay }
    : { decayRule: decayRules.coupled, decay: weightDecay };
}

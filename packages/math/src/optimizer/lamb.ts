/**
 * LAMB: You et al.: Large batch optimization for deep learning: training BERT in 76 minutes (ICLR 2020), algorithm 2, with phi
 * the identity. For each element, each operation rounded to Float32, t counting updates from 1:
 *
 *     m  = m + (1 - beta1) * (g - m)
 *     v  = beta2 * v + (1 - beta2) * g * g
 *     u  = (m / (1 - beta1^t)) / (sqrt(v) / sqrt(1 - beta2^t) + eps) + wd * p
 *     p' = p - (lr * |p| / |u|) * u               lr alone where |p| or |u| is 0, or the tensor is not adapted
 *
 * m and v are 0 at first; |p| and |u| are norms of tensors (`tensor-norms.ts`), the factor before u is rounded to Float32 once. Keras has
 * the same, with epsilon before the correction (`adam.ts`) and eps 1e-7, as here; the paper has 1e-6. Biases and the parameters of
 * normalisations are usually neither adapted nor decayed: see `groups`.
 */
import { momentDomains, momentOperands } from './adam.ts';
import type { MomentSettings } from './adam.ts';
import { checkNumbers } from './check-settings.ts';
import { decayRules } from './decay.ts';
import type { Optimizer, Segment } from './optimizer.ts';
import { createTensorNorms } from './tensor-norms.ts';

/** The parsed, complete settings of lamb. */
export interface LambSettings extends MomentSettings {
  readonly type: 'lamb';
  /** >= 0; part of what is adapted. */
  readonly weightDecay: number;
  /** Whether tensors have rates of their own: false makes it adamw. */
  readonly adaptLayers: boolean;
}

/**
 * Creates the lamb optimizer; its slots are `mean` and `variance`.
 * @throws {MathError} `bad-argument` for a number outside the domains above
 */
export function createLamb(settings: LambSettings): Optimizer {
  checkNumbers(settings, momentDomains);
  const { weightDecay, epsilon, adaptLayers } = settings;
  const [parameterNorms, moveNorms] = [createTensorNorms(), createTensorNorms()];
  const decayRule = weightDecay === 0 ? decayRules.none : decayRules.decoupled;
  const direct = (segment: Segment): void => {
    const { arena, parameters, gradient, count, scale } = segment;
    const [mean = 0, variance = 0] = segment.slots;
    arena.kernels.lambDirection({
      ...{ parameters, gradient, count, scale, mean, variance, epsilon },
      ...{ decayRule, decay: weightDecay },
      ...momentOperands(settings, segment),
    });
    parameterNorms.add(segment, parameters);
    moveNorms.add(segment, gradient);
  };
  const rateOf = ({ tensor, learningRate }: Segment): number => {
    const [parameters, move] = [parameterNorms.of(tensor), moveNorms.of(tensor)];
    if (!adaptLayers || parameters === 0 || move === 0) return learningRate;
    return (learningRate * parameters) / move;
  };
  const move = (segment: Segment): void => {
    const { arena, target, parameters, gradient, count } = segment;
    arena.kernels.addScaled(target, parameters, gradient, -rateOf(segment), count);
  };
  const slots = ['mean', 'variance'];
  return Object.freeze({ type: 'lamb', slots, tensorSlots: [], passes: [direct, move] });
}

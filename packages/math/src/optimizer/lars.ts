/**
 * LARS: You, Gitman, Ginsburg: Large batch training of convolutional networks (arXiv:1708.03888), algorithm 1. For each
 * tensor with norms |p|, |g| (`tensor-norms.ts`), and for each of its elements with each operation rounded to Float32:
 *
 *     r  = lr * eta * |p| / (|g| + wd * |p|)      Float64; lr where |p| or |g| is 0, or the tensor is not adapted
 *     v  = mu * v + r * (g + wd * p)
 *     p' = p - v                                  heavy ball
 *        = p - (r * (g + wd * p) + mu * v)        Nesterov
 *
 * v is 0 at first. The learning rate is inside of the velocity, as in the paper: not as in `sgd.ts`. Neither PyTorch, Keras nor TensorFlow.js
 * has LARS. Biases and the parameters of normalisations are usually neither adapted nor decayed: see `groups`.
 */
import { checkNumbers, notNegative, positive, share } from './check-settings.ts';
import { decayOperands } from './decay.ts';
import { MathError } from '../errors.ts';
import type { Optimizer, Segment } from './optimizer.ts';
import { operandsOf } from './optimizer.ts';
import { createTensorNorms } from './tensor-norms.ts';

/** The parsed, complete settings of lars. */
export interface LarsSettings {
  readonly type: 'lars';
  /** > 0 */
  readonly learningRate: number;
  /** In [0, 1). */
  readonly momentum: number;
  /** Needs a momentum. */
  readonly nesterov: boolean;
  /** >= 0; part of what is adapted. */
  readonly weightDecay: number;
  /** eta: which part of its norm a tensor moves by at a learning rate of 1; > 0. */
  readonly trustCoefficient: number;
  /** Whether tensors have rates of their own: false makes it sgd. */
  readonly adaptLayers: boolean;
}

/**
 * Creates the lars optimizer; its slot is `velocity`.
 * @throws {MathError} `bad-argument` for a number outside the domains above, or Nesterov without momentum
 */
export function createLars(settings: LarsSettings): Optimizer {
  checkNumbers(settings, {
    learningRate: positive,
    momentum: share,
    weightDecay: notNegative,
    trustCoefficient: positive,
  });
  const { momentum, nesterov, weightDecay } = settings;
  if (nesterov && momentum === 0) {
    throw new MathError('bad-argument', 'lars: nesterov needs a momentum', { data: { momentum } });
  }
  const [parameterNorms, gradientNorms] = [createTensorNorms(), createTensorNorms()];
  const measure = (segment: Segment): void => {
    parameterNorms.add(segment, segment.parameters);
    gradientNorms.add(segment, segment.gradient);
  };
  const rateOf = ({ tensor, learningRate, scale }: Segment): number => {
    const [parameters, gradient] = [parameterNorms.of(tensor), gradientNorms.of(tensor) * scale];
    if (!settings.adaptLayers || parameters === 0 || gradient === 0) return learningRate;
    const trust = parameters / (gradient + weightDecay * parameters);
    return learningRate * settings.trustCoefficient * trust;
  };
  const move = (segment: Segment): void => {
    const [velocity = 0] = segment.slots;
    segment.arena.kernels.lars({
      ...operandsOf(segment),
      ...decayOperands({ weightDecay, decoupledWeightDecay: false }, segment.learningRate),
      ...{ velocity, momentum, isNesterov: Number(nesterov), rate: rateOf(segment) },
    });
  };
  return Object.freeze({
    type: 'lars',
    slots: ['velocity'],
    tensorSlots: [],
    passes: [measure, move],
  });
}

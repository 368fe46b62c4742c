/**
 * Adafactor: Shazeer, Stern: Adafactor: adaptive learning rates with sublinear memory cost (ICML 2018), algorithms 4 and 5,
 * without momentum. t counts updates from 1; for a tensor X of n rows and m columns with gradient G:
 *
 *     b  = 1 - t^beta2Decay
 *     R  = b * R + (1 - b) * (row means of G * G + eps1)         n numbers
 *     C  = b * C + (1 - b) * (column means of G * G + eps1)      m numbers
 *     U  = G / sqrt(R C / mean(R))
 *     other tensors (of less than two dimensions):  V = b * V + (1 - b) * (G * G + eps1),  U = G / sqrt(V)
 *     U  = U / max(1, RMS(U) / clipThreshold)
 *     X' = X - (lr * wd) * X - lr' * max(eps2, RMS(X)) * U       lr' = min(lr, 1 / sqrt(t)), or lr without relativeStep
 *
 * RMS is the root of the mean square. R, C and V are 0 at first. A tensor of more than two dimensions is a row of matrices: its last two. Sums over rows and columns are
 * Float64 in the order of the elements, R, C and V are Float32. The paper has lr = 0.01, Keras 0.001 (as here); PyTorch has the same but for eps1, which bounds
 * the product of R and C there. TensorFlow.js has no Adafactor.
 */
import { power } from '../kernels/functions.ts';
import type { TensorPlace } from '../layout.ts';
import { checkNumbers, notNegative, positive } from './check-settings.ts';
import type { Domain } from './check-settings.ts';
import { createFactors, isFactored } from './factors.ts';
import { lend } from './lend.ts';
import type { Optimizer, Segment, TensorSlot } from './optimizer.ts';
import { createTensorNorms } from './tensor-norms.ts';

/** The parsed, complete settings of adafactor. */
export interface AdafactorSettings {
  readonly type: 'adafactor';
  /** The largest; > 0. */
  readonly learningRate: number;
  /** < 0 */
  readonly beta2Decay: number;
  /** eps1: > 0 */
  readonly epsilon1: number;
  /** eps2: the least size by which a tensor is taken to be; >= 0. */
  readonly epsilon2: number;
  /** > 0 */
  readonly clipThreshold: number;
  /** Whether the rate falls with 1 / sqrt(t). */
  readonly relativeStep: boolean;
  /** >= 0 */
  readonly weightDecay: number;
}

const negative: Domain = ['< 0', (value) => value < 0];

/**
 * Creates the adafactor optimizer. It has no slots as long as the parameters: matrices have `row-means` and
 * `column-means`, other tensors `mean-squares`.
 * @throws {MathError} `bad-argument` for a number outside the domains above
 */
export function createAdafactor(settings: AdafactorSettings): Optimizer {
  checkNumbers(settings, {
    learningRate: positive,
    beta2Decay: negative,
    epsilon1: positive,
    epsilon2: notNegative,
    clipThreshold: positive,
    weightDecay: notNegative,
  });
  const factors = createFactors();
  const meanSquares = createMeanSquares();
  const [parameterNorms, moveNorms] = [createTensorNorms(), createTensorNorms()];
  const measure = (segment: Segment): void => {
    parameterNorms.add(segment, segment.parameters);
    if (isFactored(segment.tensor)) factors.add(segment);
  };
  const direct = (segment: Segment): void => {
    const { tensor, start, updates, gradient } = segment;
    const o = {
      keep: 1 - power(updates + 1, settings.beta2Decay),
      added: settings.epsilon1,
    };
    if (isFactored(tensor)) {
      if (start === 0) factors.settle(tensor, o);
      factors.divide(segment);
    } else {
      divideByRoot(meanSquares.values(tensor), segment, o);
    }
    moveNorms.add(segment, gradient);
  };
  const move = (segment: Segment): void => {
    const { arena, target, parameters, gradient, count, tensor } = segment;
    const size = rootMeanSquare(parameterNorms.of(tensor), tensor);
    const excess = Math.max(
      1,
      rootMeanSquare(moveNorms.of(tensor), tensor) / settings.clipThreshold,
    );
    const rate = rateOf(settings, segment);
    const scale = (rate * Math.max(settings.epsilon2, size)) / excess;
    const decay = segment.learningRate * settings.weightDecay;
    if (decay > 0) arena.kernels.addScaled(target, parameters, parameters, -decay, count);
    arena.kernels.addScaled(target, decay > 0 ? target : parameters, gradient, -scale, count);
  };
  const passes = [measure, direct, move];
  const tensorSlots = [...factors.slots, meanSquares];
  return Object.freeze({ type: 'adafactor', slots: [], tensorSlots, passes });
}

function rateOf({ relativeStep }: AdafactorSettings, { learningRate, updates }: Segment): number {
  return relativeStep ? Math.min(learningRate, 1 / Math.sqrt(updates + 1)) : learningRate;
}

function rootMeanSquare(norm: number, { size }: TensorPlace): number {
  return norm / Math.sqrt(Math.max(1, size));
}

function createMeanSquares(): TensorSlot {
  const known = new Map<string, Float32Array>();
  return {
    name: 'mean-squares',
    shapeOf: (tensor) => (isFactored(tensor) ? undefined : tensor.shape),
    values: ({ name, size }) => {
      const values = known.get(name) ?? new Float32Array(size);
      known.set(name, values);
      return values;
    },
  };
}

function divideByRoot(
  meanSquares: Float32Array,
  segment: Segment,
  { keep, added }: { readonly keep: number; readonly added: number },
): void {
  const { arena, gradient, count, scale, start } = segment;
  const lent = lend(segment, meanSquares.subarray(start, start + count));
  arena.kernels.divideByRoot({
    ...{ gradient, count, scale, meanSquare: lent.pointer },
    ...{ rho: keep, restOfRho: 1 - keep, added: (1 - keep) * added },
  });
  lent.takeBack();
}

/**
 * Gradient clipping: bounds on the mean gradient, before an optimizer sees it (and so before weight decay).
 *
 *     value:       g' = g, but at least -value and at most value, element by element
 *     norm:        g' = g * (norm / |g|) for each tensor with |g| > norm, the others stay
 *     globalNorm:  the same with the norm over all trainable tensors (Pascanu, Mikolov, Bengio: On the difficulty of training
 *                  recurrent neural networks, ICML 2013, algorithm 1)
 *
 * With several of them, in this order. Norms are in Float64 (`tensor-norms.ts`), the factor is rounded to Float32 once. Keras has the
 * same three, as clipvalue, clipnorm and global_clipnorm; PyTorch divides by |g| + 1e-6.
 */
import { checkNumbers, positive } from './check-settings.ts';
import type { Optimizer, Pass, Segment } from './optimizer.ts';
import { createTensorNorms } from './tensor-norms.ts';
import type { TensorNorms } from './tensor-norms.ts';

/** Which bounds there are; each > 0. */
export interface ClipSettings {
  readonly value?: number;
  readonly norm?: number;
  readonly globalNorm?: number;
}

/**
 * An optimizer that gets clipped gradients. It needs a pass more for each norm: then nothing is updated before the sums of
 * all parameters are there.
 * @throws {MathError} `bad-argument` for a bound that is not > 0
 */
export function withClipping(optimizer: Optimizer, clip: ClipSettings): Optimizer {
  for (const [name, bound] of Object.entries(clip) as [string, number][]) {
    checkNumbers({ type: 'clip', [name]: bound }, { [name]: positive });
  }
  const { value, norm, globalNorm } = clip;
  let clipped = optimizer;
  if (globalNorm !== undefined) clipped = byNorm(clipped, globalNorm, (norms) => norms.ofAll());
  if (norm !== undefined) clipped = byNorm(clipped, norm, (norms, { tensor }) => norms.of(tensor));
  return byValue(clipped, value);
}

/** What follows gets the mean gradient, with a scale of 1; bounded where there is a bound. */
function byValue(optimizer: Optimizer, bound: number | undefined): Optimizer {
  const makeMean = ({ arena, gradient, scale, count }: Segment): void => {
    if (bound === undefined) arena.kernels.scaled(gradient, gradient, scale, count);
    else arena.kernels.clamped(gradient, gradient, scale, bound, count);
  };
  const [first, ...rest] = optimizer.passes.map((pass): Pass => (segment) => {
    pass({ ...segment, scale: 1 });
  });
  return { ...optimizer, passes: [after(makeMean, first), ...rest] };
}

/** Of each tensor, or of all of them. */
function byNorm(
  optimizer: Optimizer,
  bound: number,
  normOf: (norms: TensorNorms, segment: Segment) => number,
): Optimizer {
  const norms = createTensorNorms();
  const measure = (segment: Segment): void => {
    norms.add(segment, segment.gradient);
  };
  const shorten = (segment: Segment): void => {
    const { arena, gradient, count } = segment;
    const norm = normOf(norms, segment);
    if (norm > bound) arena.kernels.scaled(gradient, gradient, bound / norm, count);
  };
  const [first, ...rest] = optimizer.passes;
  return { ...optimizer, passes: [measure, after(shorten, first), ...rest] };
}

/** Both, one after the other, on each segment. */
function after(before: Pass, pass: Pass | undefined): Pass {
  return (segment) => {
    before(segment);
    pass?.(segment);
  };
}

/** The port of a loss. */
import type { Scalar, Tensor } from '@tensorflow/tfjs';
import type { TensorFlow } from '../backend/interface.ts';

/** The smallest probability that a logarithm sees; tfjs's and Keras's epsilon. */
export const epsilon = 1e-7;

/**
 * What labels a loss wants: of the predictions' shape; with 1 in the place of any dimension but the first, to stand for
 * every prediction there; or class numbers without the last dimension (or with 1 there).
 */
export type LabelKind = 'values' | 'broadcast' | 'classIndex';

/**
 * The values of a loss before the mean: [examples, ...], or a scalar. Made of tfjs operations in the order of tfjs's own
 * losses, so that loss and gradient have the same bits. Inside a tidy.
 */
export type LossValues = (tf: TensorFlow, labels: Tensor, predictions: Tensor) => Tensor;

/** The sum over the examples of the values of a loss, as `sumOverExamples` has it. Inside a tidy. */
export type LossSum = (
  tf: TensorFlow,
  labels: Tensor,
  predictions: Tensor,
  examples: number,
) => Scalar;

/** A loss with its name (for messages) and the labels it wants; `undefined` labels: not known, not checked. */
export interface Loss {
  readonly name: string;
  readonly labels?: LabelKind;
  readonly values: LossValues;
  /** Where a sum has a gradient in fewer operations than the sum of `values`; both with the same bits. */
  readonly sum?: LossSum | undefined;
}

/** x * x, as the losses of tfjs have it: tf.square has the same values, but a gradient that rounds otherwise. */
export function square(tf: TensorFlow, x: Tensor): Tensor {
  return tf.mul(x, x);
}

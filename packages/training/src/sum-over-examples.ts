/** What travels of losses and metrics: sums, so that sums of sums give the mean of any union of examples. */
import type { Scalar, Tensor } from '@tensorflow/tfjs';
import type { TensorFlow } from './backend/interface.ts';

/**
 * Number of examples x mean of `values` ([examples, ...], or a scalar that is such a mean). Exact for values that are 0
 * or 1 per example (below 2^24 examples): the mean would round first.
 */
export function sumOverExamples(tf: TensorFlow, values: Tensor, examples: number): Scalar {
  const numbers = tf.cast(values, 'float32');
  const sum = numbers.rank === 0 ? numbers : tf.sum(numbers);
  return shareOfSum(tf, sum, examples / values.size) as Scalar;
}

/** What each value gets of the gradient by such a sum, `share` being examples / values. */
export function shareOfSum(tf: TensorFlow, sum: Tensor, share: number): Tensor {
  return share === 1 ? sum : tf.mul(sum, share);
}

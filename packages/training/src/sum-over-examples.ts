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
  return (values.size === examples ? sum : tf.mul(sum, examples / values.size)) as Scalar;
}

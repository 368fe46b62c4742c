/** The port of a metric. */
import type { Tensor } from '@tensorflow/tfjs';
import type { TensorFlow } from '../backend/interface.ts';

/** The values of a metric before the mean: [examples, ...], or a scalar. Inside a tidy. */
export type MetricValues = (tf: TensorFlow, labels: Tensor, predictions: Tensor) => Tensor;

/** A metric with the name under which it is reported. */
export interface Metric {
  readonly name: string;
  readonly values: MetricValues;
}

/**
 * What travels: the sum over the examples, so that sums of sums give the metric of any union of examples. Exact for
 * metrics that are 0 or 1 per example (below 2^24 examples): the mean would round first.
 */
export function countOf(tf: TensorFlow, values: Tensor, examples: number): Tensor {
  const sum = tf.sum(tf.cast(values, 'float32'));
  return values.size === examples ? sum : tf.mul(sum, examples / values.size);
}

/** The port of a metric. */
import type { Tensor } from '@tensorflow/tfjs';
import type { TensorFlow } from '../backend/interface.ts';

/** The values of a metric before the mean: [examples, ...], or a scalar. Inside a tidy. */
export type MetricValues = (tf: TensorFlow, labels: Tensor, predictions: Tensor) => Tensor;

/**
 * A sum over the examples that travels. Called as a metric is, it is the metric, whose value is the mean. A metric that
 * is no mean is made of several, called `name:finish:part`; `summarise` of the protocol finishes them.
 */
export interface MetricSum {
  readonly name: string;
  readonly values: MetricValues;
}

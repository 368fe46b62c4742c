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

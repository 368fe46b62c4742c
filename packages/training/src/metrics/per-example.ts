/** What metrics of several sums have in common. */
import type { Tensor } from '@tensorflow/tfjs';
import type { TensorFlow } from '../backend/interface.ts';
import { TrainingError } from '../errors.ts';

/** The sum of everything that belongs to an example: [examples, ...] -> [examples], in float32. */
export function sumPerExample(tf: TensorFlow, values: Tensor): Tensor {
  const [examples = 1] = values.shape;
  return tf.sum(tf.reshape(tf.cast(values, 'float32'), [examples, -1]), 1);
}

/** Throws unless labels and predictions can be compared number by number; tfjs would broadcast them silently. */
export function checkSameShape(metric: string, labels: Tensor, predictions: Tensor): void {
  if (String(labels.shape) === String(predictions.shape)) return;
  throw new TrainingError(
    'bad-metric',
    `metric ${metric} compares labels and predictions of one shape; the labels are [${labels.shape.join(', ')}], ` +
      `the predictions [${predictions.shape.join(', ')}]`,
    { data: { metric } },
  );
}

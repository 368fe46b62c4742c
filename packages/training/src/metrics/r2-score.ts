/** The coefficient of determination: 1 - sum((y - p)^2) / sum((y - mean(y))^2), over all numbers of all examples. */
import type { Tensor } from '@tensorflow/tfjs';
import type { TensorFlow } from '../backend/interface.ts';
import { square } from '../losses/loss.ts';
import type { MetricSum } from './metric.ts';
import { checkSameShape, sumPerExample } from './per-example.ts';

/**
 * The mean of the labels is known only when all have been seen, so the spread comes from sums of labels and squares. Those
 * lose all digits where the labels are far from 0 compared with their spread: labels are counted from the first one that
 * is seen. It is the same for every worker, for all see the same microbatch first, in the probe; and of sums that are
 * finished together it must be.
 */
export function r2Score(name: string): readonly MetricSum[] {
  let origin: number | undefined;
  const fromOrigin = (tf: TensorFlow, labels: Tensor): Tensor => {
    origin ??= labels.dataSync()[0] ?? 0;
    return tf.sub(tf.cast(labels, 'float32'), origin);
  };
  return [
    {
      name: `${name}:r2:residuals`,
      values: (tf, labels, predictions) => {
        checkSameShape(name, labels, predictions);
        return sumPerExample(tf, square(tf, tf.sub(labels, predictions)));
      },
    },
    {
      name: `${name}:r2:values`,
      values: (tf, labels) => sumPerExample(tf, fromOrigin(tf, labels)),
    },
    {
      name: `${name}:r2:squares`,
      values: (tf, labels) => sumPerExample(tf, square(tf, fromOrigin(tf, labels))),
    },
    { name: `${name}:r2:count`, values: (tf, labels) => sumPerExample(tf, tf.onesLike(labels)) },
  ];
}

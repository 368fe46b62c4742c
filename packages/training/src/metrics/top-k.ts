/** Whether the right class is among the most probable ones. */
import type { Tensor } from '@tensorflow/tfjs';
import type { TensorFlow } from '../backend/interface.ts';
import type { MetricValues } from './metric.ts';

/** As in Keras; tfjs has the names, and throws. */
const k = 5;

/** 1 where the class of the largest label is among the 5 largest predictions, 0 elsewhere; equal ones are all among them. */
export const topKCategoricalAccuracy: MetricValues = (tf, labels, predictions) =>
  isAmongTop(tf, tf.argMax(labels, -1), predictions);

/** The same with class numbers as labels. */
export const sparseTopKCategoricalAccuracy: MetricValues = (tf, labels, predictions) => {
  const numbers = labels.rank === predictions.rank ? tf.squeeze(labels, [labels.rank - 1]) : labels;
  return isAmongTop(tf, tf.cast(numbers, 'int32'), predictions);
};

/** Counts what is not larger, rather than what is: of NaN, which is neither, nothing is then among the largest. */
function isAmongTop(tf: TensorFlow, classes: Tensor, predictions: Tensor): Tensor {
  const width = predictions.shape.at(-1) ?? 1;
  const rows = tf.reshape(predictions, [-1, width]);
  const chosen = tf.cast(tf.oneHot(tf.reshape(classes, [-1]), width), 'float32');
  const right = tf.sum(tf.mul(rows, chosen), 1, true);
  const notLarger = tf.sum(tf.cast(tf.lessEqual(rows, right), 'float32'), 1);
  const isIn = tf.greater(notLarger, Math.max(width - k, 0));
  return tf.reshape(tf.cast(isIn, 'float32'), predictions.shape.slice(0, -1));
}

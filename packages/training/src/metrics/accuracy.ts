/** Accuracies: 1 where the prediction is right, 0 elsewhere. */
import type { MetricValues } from './metric.ts';

/** Probability above one half against a label of 0 or 1; the mean over the last dimension. */
export const binaryAccuracy: MetricValues = (tf, labels, predictions) => {
  const decided = tf.cast(tf.greater(predictions, 0.5), labels.dtype);
  return tf.mean(tf.cast(tf.equal(labels, decided), 'float32'), -1);
};

/** The class of the largest prediction against the class of the largest label. */
export const categoricalAccuracy: MetricValues = (tf, labels, predictions) =>
  tf.cast(tf.equal(tf.argMax(labels, -1), tf.argMax(predictions, -1)), 'float32');

/** The class of the largest prediction against a class number. */
export const sparseCategoricalAccuracy: MetricValues = (tf, labels, predictions) => {
  const numbers = labels.rank === predictions.rank ? tf.squeeze(labels, [labels.rank - 1]) : labels;
  const classes = tf.cast(tf.argMax(predictions, -1), numbers.dtype);
  return tf.cast(tf.equal(numbers, classes), 'float32');
};

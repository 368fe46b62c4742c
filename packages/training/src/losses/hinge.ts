/** Margin losses; labels are -1 and 1, or one-hot for the categorical one. */
import type { LossValues } from './loss.ts';
import { square } from './loss.ts';

/** mean(max(0, 1 - y p)). */
export const hinge: LossValues = (tf, labels, predictions) =>
  tf.mean(tf.maximum(0, tf.sub(1, tf.mul(labels, predictions))), -1);

/** mean(max(0, 1 - y p)^2). */
export const squaredHinge: LossValues = (tf, labels, predictions) =>
  tf.mean(square(tf, tf.maximum(0, tf.sub(1, tf.mul(labels, predictions)))), -1);

/** max(0, 1 + max((1 - y) p) - sum(y p)). */
export const categoricalHinge: LossValues = (tf, labels, predictions) => {
  const right = tf.sum(tf.mul(labels, predictions), -1);
  const wrong = tf.max(tf.mul(tf.sub(1, labels), predictions), -1);
  return tf.maximum(0, tf.add(1, tf.sub(wrong, right)));
};

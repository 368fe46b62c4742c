/** Losses between distributions and between directions. */
import type { Tensor } from '@tensorflow/tfjs';
import type { TensorFlow } from '../backend/interface.ts';
import type { LossValues } from './loss.ts';
import { epsilon, square } from './loss.ts';

/** sum(y log(y / p)), both clipped to [epsilon, 1] inside the logarithm. */
export const kullbackLeiblerDivergence: LossValues = (tf, labels, predictions) => {
  const ratio = tf.div(tf.clipByValue(labels, epsilon, 1), tf.clipByValue(predictions, epsilon, 1));
  return tf.sum(tf.mul(labels, tf.log(ratio)), -1);
};

/** mean(p - y log(p + epsilon)). */
export const poisson: LossValues = (tf, labels, predictions) => {
  const logarithm = tf.log(tf.add(epsilon, predictions));
  return tf.mean(tf.sub(predictions, tf.mul(labels, logarithm)), -1);
};

/** -cos of the angle between label and prediction. */
export const cosineProximity: LossValues = (tf, labels, predictions) => {
  const products = tf.mul(normalised(tf, labels), normalised(tf, predictions));
  return tf.neg(tf.sum(products, -1));
};

function normalised(tf: TensorFlow, given: Tensor): Tensor {
  // A cast that changes nothing would still change the order in which gradients are added.
  const vectors = given.dtype === 'float32' ? given : tf.cast(given, 'float32');
  const squares = tf.sum(square(tf, vectors), -1, true);
  return tf.div(vectors, tf.sqrt(tf.maximum(squares, tf.fill(squares.shape, epsilon))));
}

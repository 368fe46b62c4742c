/** Cross-entropies of probabilities (after softmax or sigmoid), clipped to [epsilon, 1 - epsilon] as in Keras. */
import type { Tensor } from '@tensorflow/tfjs';
import type { TensorFlow } from '../backend/interface.ts';
import type { LossValues } from './loss.ts';
import { epsilon } from './loss.ts';

/** -sum(y log(p / sum(p))); labels are one-hot, or probabilities. */
export const categoricalCrossentropy: LossValues = (tf, labels, predictions) => {
  const last = predictions.rank - 1;
  const normalised = tf.div(predictions, tf.sum(predictions, last, true));
  const logarithms = tf.log(clip(tf, normalised));
  return tf.neg(tf.sum(tf.mul(tf.cast(labels, 'float32'), logarithms), last));
};

/** The same with class numbers as labels. tfjs clips the probabilities before it normalises them, and again after. */
export const sparseCategoricalCrossentropy: LossValues = (tf, labels, predictions) => {
  const classes = tf.cast(tf.floor(tf.reshape(labels, [labels.size])), 'int32');
  const oneHot = tf.oneHot(classes, predictions.shape.at(-1) ?? 1);
  const clipped = clip(tf, predictions);
  return categoricalCrossentropy(tf, tf.reshape(oneHot, predictions.shape), clipped);
};

/** mean(max(z, 0) - z y + log(1 + exp(-|z|))) with z = log(p / (1 - p)): the logistic loss without overflow. */
export const binaryCrossentropy: LossValues = (tf, labels, predictions) => {
  const clipped = clip(tf, predictions);
  const logits = tf.log(tf.div(clipped, tf.sub(1, clipped)));
  const linear = tf.sub(tf.relu(logits), tf.mul(logits, labels));
  const softplus = tf.log1p(tf.exp(tf.neg(tf.abs(logits))));
  return tf.mean(tf.add(linear, softplus), -1);
};

function clip(tf: TensorFlow, probabilities: Tensor): Tensor {
  return tf.clipByValue(probabilities, epsilon, 1 - epsilon);
}

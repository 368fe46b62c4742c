/**
 * Cross-entropies of probabilities, after softmax or sigmoid.
 *
 * While a gradient is taken, those of a softmax's output are computed from its logits, as in Keras: the same value and
 * gradient where the probabilities are between epsilon and 1 - epsilon, and the right ones where they are not. All else
 * clips the probabilities to [epsilon, 1 - epsilon], which leaves an example that is far off without a gradient.
 */
import type { Tensor } from '@tensorflow/tfjs';
import type { TensorFlow } from '../backend/interface.ts';
import { logitsOf } from '../gradients/softmax.ts';
import type { LossValues } from './loss.ts';
import { epsilon } from './loss.ts';
import { softmaxCrossentropy } from './softmax-crossentropy.ts';

/** -sum(y log(p / sum(p))); labels are one-hot, or probabilities. */
export const categoricalCrossentropy: LossValues = (tf, labels, predictions) => {
  const targets = tf.cast(labels, 'float32');
  return ofSoftmax(tf, targets, predictions) ?? ofProbabilities(tf, targets, predictions);
};

/** The same with class numbers as labels. */
export const sparseCategoricalCrossentropy: LossValues = (tf, labels, predictions) => {
  const classes = tf.cast(tf.floor(tf.reshape(labels, [labels.size])), 'int32');
  const oneHot = tf.oneHot(classes, predictions.shape.at(-1) ?? 1);
  const targets = tf.cast(tf.reshape(oneHot, predictions.shape), 'float32');
  // tfjs clips the probabilities before it normalises them, and again after.
  return ofSoftmax(tf, targets, predictions) ?? ofProbabilities(tf, targets, clip(tf, predictions));
};

/** mean(max(z, 0) - z y + log(1 + exp(-|z|))) with z = log(p / (1 - p)): the logistic loss without overflow. */
export const binaryCrossentropy: LossValues = (tf, labels, predictions) => {
  const clipped = clip(tf, predictions);
  const logits = tf.log(tf.div(clipped, tf.sub(1, clipped)));
  const linear = tf.sub(tf.relu(logits), tf.mul(logits, labels));
  const softplus = tf.log1p(tf.exp(tf.neg(tf.abs(logits))));
  return tf.mean(tf.add(linear, softplus), -1);
};

function ofSoftmax(tf: TensorFlow, labels: Tensor, probabilities: Tensor): Tensor | undefined {
  const logits = logitsOf(tf, probabilities);
  return logits && softmaxCrossentropy(tf, labels, { logits, probabilities });
}

function ofProbabilities(tf: TensorFlow, labels: Tensor, probabilities: Tensor): Tensor {
  const last = probabilities.rank - 1;
  const normalised = tf.div(probabilities, tf.sum(probabilities, last, true));
  return tf.neg(tf.sum(tf.mul(labels, tf.log(clip(tf, normalised))), last));
}

function clip(tf: TensorFlow, probabilities: Tensor): Tensor {
  return tf.clipByValue(probabilities, epsilon, 1 - epsilon);
}

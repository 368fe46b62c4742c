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
import { sumOverExamples } from '../sum-over-examples.ts';
import type { LossSum, LossValues } from './loss.ts';
import { epsilon } from './loss.ts';
import type { Softmax } from './softmax-crossentropy.ts';
import { softmaxCrossentropy, summedSoftmaxCrossentropy } from './softmax-crossentropy.ts';

/** -sum(y log(p / sum(p))); labels are one-hot, or probabilities. */
export const categoricalCrossentropy: LossValues = (tf, labels, predictions) => {
  const targets = tf.cast(labels, 'float32');
  const softmax = softmaxOf(tf, predictions);
  return softmax
    ? softmaxCrossentropy(tf, targets, softmax)
    : ofProbabilities(tf, targets, predictions);
};

/** Its sum. */
export const summedCategoricalCrossentropy: LossSum = summed(
  categoricalCrossentropy,
  (tf, labels) => tf.cast(labels, 'float32'),
);

/** The same with class numbers as labels. */
export const sparseCategoricalCrossentropy: LossValues = (tf, labels, predictions) => {
  const targets = oneHot(tf, labels, predictions);
  const softmax = softmaxOf(tf, predictions);
  // tfjs clips the probabilities before it normalises them, and again after.
  return softmax
    ? softmaxCrossentropy(tf, targets, softmax)
    : ofProbabilities(tf, targets, clip(tf, predictions));
};

/** Its sum. */
export const summedSparseCategoricalCrossentropy: LossSum = summed(
  sparseCategoricalCrossentropy,
  oneHot,
);

/** mean(max(z, 0) - z y + log(1 + exp(-|z|))) with z = log(p / (1 - p)): the logistic loss without overflow. */
export const binaryCrossentropy: LossValues = (tf, labels, predictions) => {
  const clipped = clip(tf, predictions);
  const logits = tf.log(tf.div(clipped, tf.sub(1, clipped)));
  const linear = tf.sub(tf.relu(logits), tf.mul(logits, labels));
  const softplus = tf.log1p(tf.exp(tf.neg(tf.abs(logits))));
  return tf.mean(tf.add(linear, softplus), -1);
};

/** The sum of a cross-entropy, from the logits where there are some; `targets` are what it compares with. */
function summed(values: LossValues, targets: LossValues): LossSum {
  return (tf, labels, predictions, examples) => {
    const softmax = softmaxOf(tf, predictions);
    return softmax
      ? summedSoftmaxCrossentropy(tf, targets(tf, labels, predictions), softmax, examples)
      : sumOverExamples(tf, values(tf, labels, predictions), examples);
  };
}

/** One row of zeros and a one per class number, in the shape of the predictions. */
function oneHot(tf: TensorFlow, labels: Tensor, predictions: Tensor): Tensor {
  const classes = tf.cast(tf.floor(tf.reshape(labels, [labels.size])), 'int32');
  const rows = tf.oneHot(classes, predictions.shape.at(-1) ?? 1);
  return tf.cast(tf.reshape(rows, predictions.shape), 'float32');
}

function softmaxOf(tf: TensorFlow, probabilities: Tensor): Softmax | undefined {
  const logits = logitsOf(tf, probabilities);
  return logits && { logits, probabilities };
}

function ofProbabilities(tf: TensorFlow, labels: Tensor, probabilities: Tensor): Tensor {
  const last = probabilities.rank - 1;
  const normalised = tf.div(probabilities, tf.sum(probabilities, last, true));
  return tf.neg(tf.sum(tf.mul(labels, tf.log(clip(tf, normalised))), last));
}

function clip(tf: TensorFlow, probabilities: Tensor): Tensor {
  return tf.clipByValue(probabilities, epsilon, 1 - epsilon);
}

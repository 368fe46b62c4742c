/** Losses of the difference between label and prediction; each but the textbook's is a mean over the last dimension. */
import type { GradSaveFunc, Tensor } from '@tensorflow/tfjs';
import { shareOfSum, sumOverExamples } from '../sum-over-examples.ts';
import type { LossSum, LossValues } from './loss.ts';
import { epsilon, square } from './loss.ts';

/** mean((p - y)^2). */
export const meanSquaredError: LossValues = (tf, labels, predictions) => {
  const squares = square(tf, tf.sub(predictions, labels));
  return predictions.rank === 0 ? squares : tf.mean(squares, -1);
};

/** Its sum. The gradient is 2 (p - y) / width, in two operations instead of eleven; there is no second one. */
export const summedSquaredError: LossSum = (tf, labels, predictions, examples) => {
  const width = predictions.shape.at(-1) ?? 1;
  return tf.customGrad((p, save) => {
    const difference = tf.sub(p as Tensor, labels);
    (save as GradSaveFunc)([difference]);
    const values = tf.mean(square(tf, difference), -1);
    return {
      value: sumOverExamples(tf, values, examples),
      gradFunc: (dy: Tensor, [saved]: Tensor[]) => {
        const each = shareOfSum(tf, dy, examples / values.size);
        // Twice a quotient is the quotient by the half, to the bit.
        return tf.mul(tf.div(each, width / 2), saved ?? difference);
      },
    };
  })(predictions);
};

/**
 * sum((p - y)^2) / 2, over all numbers of an example: half the squared distance. Its mean over the n examples of a batch is
 * the loss of the textbook, L = 1/(2n) sum_i |p_i - y_i|^2. Labels [n, 1] stand for each of several outputs.
 */
export const halfMeanSquaredError: LossValues = (tf, labels, predictions) => {
  const [examples = 1] = predictions.shape;
  const squares = square(tf, tf.sub(predictions, labels));
  return tf.mul(0.5, tf.sum(tf.reshape(squares, [examples, -1]), 1));
};

/** Its sum. The gradient is p - y, in one operation; there is no second one. */
export const summedHalfSquaredError: LossSum = (tf, labels, predictions, examples) =>
  tf.customGrad((p, save) => {
    const difference = tf.sub(p as Tensor, labels);
    (save as GradSaveFunc)([difference]);
    return {
      value: sumOverExamples(tf, halfMeanSquaredError(tf, labels, p as Tensor), examples),
      gradFunc: (dy: Tensor, [saved]: Tensor[]) => tf.mul(dy, saved ?? difference),
    };
  })(predictions);

/** mean(|p - y|). */
export const meanAbsoluteError: LossValues = (tf, labels, predictions) =>
  tf.mean(tf.abs(tf.sub(predictions, labels)), -1);

/** 100 mean(|y - p| / max(|y|, epsilon)). */
export const meanAbsolutePercentageError: LossValues = (tf, labels, predictions) => {
  const size = tf.clipByValue(tf.abs(labels), epsilon, Number.MAX_VALUE);
  const relative = tf.abs(tf.div(tf.sub(labels, predictions), size));
  return tf.mul(100, tf.mean(relative, -1));
};

/** mean((log(1 + p) - log(1 + y))^2), both sides at least epsilon. */
export const meanSquaredLogarithmicError: LossValues = (tf, labels, predictions) => {
  const logarithm = (values: typeof labels): typeof labels =>
    tf.log(tf.add(1, tf.clipByValue(values, epsilon, Number.MAX_VALUE)));
  return tf.mean(square(tf, tf.sub(logarithm(predictions), logarithm(labels))), -1);
};

/** mean(log(cosh(p - y))) as d + softplus(-2 d) - log 2, which does not overflow. */
export const logcosh: LossValues = (tf, labels, predictions) => {
  const difference = tf.sub(predictions, labels);
  const softened = tf.add(difference, tf.softplus(tf.mul(-2, difference)));
  return tf.mean(tf.sub(softened, Math.LN2), -1);
};

/** Huber (1964) with delta 1: d^2 / 2 where |d| <= 1, |d| - 1/2 elsewhere. */
export const huber: LossValues = (tf, labels, predictions) => {
  const size = tf.abs(tf.sub(predictions, labels));
  // q^2 / 2 + (|d| - q) with q = min(|d|, 1): no branch, and a gradient everywhere.
  const bounded = tf.clipByValue(size, 0, 1);
  return tf.mean(tf.add(tf.mul(0.5, square(tf, bounded)), tf.sub(size, bounded)), -1);
};

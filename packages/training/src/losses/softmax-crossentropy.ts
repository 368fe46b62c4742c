/** The cross-entropy of a softmax, from its logits: fewer operations, and no probability that rounds to zero. */
import type { GradSaveFunc, Scalar, Tensor } from '@tensorflow/tfjs';
import type { TensorFlow } from '../backend/interface.ts';
import { hasNativeOperations, runNativeOutputs } from '../gradients/native-operation.ts';
import { shareOfSum, sumOverExamples } from '../sum-over-examples.ts';

/** What a softmax was computed from, and what came out. */
export interface Softmax {
  readonly logits: Tensor;
  readonly probabilities: Tensor;
}

/**
 * -sum(y log(softmax(z))) along the last dimension; its gradient by z is softmax(z) sum(y) - y.
 *
 * `labels` have the shape of the logits and are constants: they get no gradient. There is no second derivative.
 */
export function softmaxCrossentropy(tf: TensorFlow, labels: Tensor, softmax: Softmax): Tensor {
  return crossentropy(tf, labels, softmax, {
    reduce: (values) => values,
    spread: (dy) => tf.expandDims(dy, -1),
  });
}

/** Its sum, as `sumOverExamples` has it. */
export function summedSoftmaxCrossentropy(
  tf: TensorFlow,
  labels: Tensor,
  softmax: Softmax,
  examples: number,
): Scalar {
  const { shape, size } = softmax.logits;
  const values = size / (shape.at(-1) ?? 1);
  return crossentropy(tf, labels, softmax, {
    reduce: (each) => sumOverExamples(tf, each, examples),
    spread: (dy) => shareOfSum(tf, dy, examples / values),
  }) as Scalar;
}

/** What becomes of the values, and how the gradient by it comes back to each: [..., 1], or a scalar for all. */
interface Reduction {
  readonly reduce: (values: Tensor) => Tensor;
  readonly spread: (dy: Tensor) => Tensor;
}

function crossentropy(
  tf: TensorFlow,
  labels: Tensor,
  { logits, probabilities }: Softmax,
  { reduce, spread }: Reduction,
): Tensor {
  return tf.customGrad((z, save) => {
    (save as GradSaveFunc)([labels, probabilities]);
    return {
      value: reduce(valuesOf(tf, labels, z as Tensor)),
      gradFunc: (dy: Tensor, saved: Tensor[]) => {
        const [y, p] = saved as [Tensor, Tensor];
        const difference = tf.sub(tf.mul(p, tf.sum(y, -1, true)), y);
        return tf.mul(spread(dy), difference);
      },
    };
  })(logits);
}

function valuesOf(tf: TensorFlow, labels: Tensor, logits: Tensor): Tensor {
  if (logits.rank !== 2 || !hasNativeOperations(tf)) {
    return tf.neg(tf.sum(tf.mul(labels, tf.logSoftmax(logits)), -1));
  }
  const inputs = [logits, labels];
  const [values] = runNativeOutputs(tf, 'SoftmaxCrossEntropyWithLogits', { inputs, outputs: 2 });
  if (values === undefined) throw new Error('TensorFlow gave no cross-entropy');
  return values;
}

import type { Tensor } from '@tensorflow/tfjs';

import type { TensorFlow } from '../backend/interface.ts';

/** The gradient of broadcasting `shape` to the shape of `tensor`: its sum over what was repeated. */
export function sumToShape(tf: TensorFlow, tensor: Tensor, shape: readonly number[]): Tensor {
  const axes = tf.broadcast_util.getReductionAxes([...shape], tensor.shape);
  return axes.length === 0 ? tensor : tf.reshape(tf.sum(tensor, axes), [...shape]);
}

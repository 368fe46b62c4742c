import type { Tensor, TensorFlow } from 'paceline';

/** Pixels of a picture, and the numbers in which its code says what it can of them. */
export const [pixels, code] = [14 * 14, 8];

/** The digits of MNIST at half their size: [examples, 196] from [examples, 28, 28, 1], each pixel the mean of four. */
export function picturesOf(tf: TensorFlow, x: Tensor): Tensor {
  return tf.avgPool(x as Parameters<TensorFlow['avgPool']>[0], 2, 2, 'valid').reshape([-1, pixels]);
}

import type { Tensor2D, Tensor4D } from '@tensorflow/tfjs';

import type { Backend } from './interface.ts';
import { BackendError } from './errors.ts';

// All values are small whole numbers, so every backend must get them exactly. Worked out with
// plain loops, apart from TensorFlow.js (see the test).
const image = [3, 1, 0, 2, 1, 4, 2, 0, 0, 2, 5, 1, 2, 0, 1, 3];
const filter = [1, 0, 2, 1, 0, 1, 1, -1];
const weights = [1, 0, 0, 1, 2, -1, 1, 1, 0, 2, -1, 0, 1, 1, 0, -1];

/** The gradients that `checkKnownGradient` wants to see; exported for the test that derives them. */
export const knownGradients: {
  readonly image: readonly number[];
  readonly filter: readonly number[];
  readonly weights: readonly number[];
} = {
  image: [0, 0, 56, 160, 0, 584, 1160, -216, 0, -104, 472, 56, -104, 104, 0, 0],
  filter: [2112, -56, 1056, 112, 1056, 56, 2640, 56],
  weights: [1352, 728, 208, 112, 1352, 728, 416, 224, 1352, 728, 416, 224, 1352, 728, 416, 224],
};

/** The numbers that go in: an image of 4x4, a filter of 2x2x1x2, weights of 8x2. */
export const knownInputs: {
  readonly image: readonly number[];
  readonly filter: readonly number[];
  readonly weights: readonly number[];
} = { image, filter, weights };

/**
 * Computes the gradient of a small network (convolution, max pooling, dense, sum of squares) and
 * compares it with numbers known beforehand; throws a BackendError when they differ. About 5 ms.
 */
export function checkKnownGradient(backend: Backend): void {
  const computed = computeGradients(backend);
  for (const name of ['image', 'filter', 'weights'] as const) {
    const expected = knownGradients[name];
    const got = computed[name];
    if (expected.length !== got.length || expected.some((value, i) => value !== got[i])) {
      throw new BackendError(
        'wrong-gradient',
        backend.name,
        `the gradient of a known network by its ${name} should be [${expected.join(', ')}] and came out as [${got.join(', ')}]`,
      );
    }
  }
}

function computeGradients({ tf }: Backend): Record<'image' | 'filter' | 'weights', number[]> {
  return tf.tidy(() => {
    const loss = (x: Tensor4D, kernel: Tensor4D, dense: Tensor2D) => {
      const pooled = tf.maxPool(tf.conv2d(x, kernel, 1, 'valid'), 2, 1, 'valid');
      return tf.sum(tf.square(tf.matMul(tf.reshape(pooled, [1, 8]), dense)));
    };
    const [byImage, byFilter, byWeights] = tf.grads(loss as never)([
      tf.tensor4d(image, [1, 4, 4, 1]),
      tf.tensor4d(filter, [2, 2, 1, 2]),
      tf.tensor2d(weights, [8, 2]),
    ]);
    const read = (tensor: { dataSync(): ArrayLike<number> } | undefined) =>
      tensor === undefined ? [] : Array.from(tensor.dataSync());
    return { image: read(byImage), filter: read(byFilter), weights: read(byWeights) };
  });
}

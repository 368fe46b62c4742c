import type { Rank, Tensor, Tensor2D, TensorInfo } from '@tensorflow/tfjs';

import type { TensorFlow } from '../backend/interface.ts';
import type { KernelCall, KernelRepair } from './repair.ts';

/**
 * Gradients of image resizing: the kernels of cpu are wrong (nearest neighbour) or fail (bilinear,
 * unless the image is square), those of wasm and tensorflow ignore `halfPixelCenters` (errors of
 * 0.4 to 1.4).
 *
 * Resizing is linear, so the gradient is its transpose. The forward kernel itself is asked which
 * linear map it is, hence forward and gradient belong together on every backend.
 */
export const resizeRepairs: readonly KernelRepair[] = [
  { name: 'ResizeNearestNeighborGrad', compute: nearestNeighborGradient },
  { name: 'ResizeBilinearGrad', compute: bilinearGradient },
].flatMap(({ name, compute }): KernelRepair[] => [
  { kind: 'kernel', name, backends: ['cpu'], compute },
  {
    kind: 'kernel',
    name,
    backends: ['wasm', 'tensorflow'],
    compute: (tf, call) =>
      call.attributes['halfPixelCenters'] === true
        ? compute(tf, call)
        : call.original(call.inputs, call.attributes),
  },
]);

/** Resizes a picture of the indices of the input's pixels, and adds up by them. */
function nearestNeighborGradient(tf: TensorFlow, { input, attributes }: KernelCall): TensorInfo {
  const { batch, from, to, channels, dy } = resizing(input);
  const pixels = from[0] * from[1];
  const picture = tf.reshape<Rank.R4>(tf.range(0, pixels), [1, from[0], from[1], 1]);
  const sources = tf.image.resizeNearestNeighbor(picture, to, ...sampling(attributes)).dataSync();
  const ids = Int32Array.from(
    { length: batch * sources.length },
    (_, i) => Math.floor(i / sources.length) * pixels + Number(sources[i % sources.length]),
  );
  const rows = tf.reshape(dy, [ids.length, channels]);
  const sums = tf.unsortedSegmentSum(rows, tf.tensor1d(ids, 'int32'), batch * pixels);
  return tf.reshape(sums, [batch, ...from, channels]);
}

/** Rows and columns are interpolated apart: dx = rows^T . dy . columns. */
function bilinearGradient(tf: TensorFlow, { input, attributes }: KernelCall): TensorInfo {
  const { batch, from, to, channels, dy } = resizing(input);
  const weights = (extent: number, size: number): Tensor2D => {
    const unitImages = tf.reshape<Rank.R4>(tf.eye(extent), [1, extent, 1, extent]);
    const resized = tf.image.resizeBilinear(unitImages, [size, 1], ...sampling(attributes));
    return tf.reshape(resized, [size, extent]);
  };
  const alongRows = tf.matMul(
    weights(from[0], to[0]),
    tf.reshape(tf.transpose(dy, [1, 0, 2, 3]), [to[0], batch * to[1] * channels]),
    true,
  );
  const columnsFirst = tf.transpose(
    tf.reshape(alongRows, [from[0], batch, to[1], channels]),
    [2, 1, 0, 3],
  );
  const alongColumns = tf.matMul(
    weights(from[1], to[1]),
    tf.reshape(columnsFirst, [to[1], batch * from[0] * channels]),
    true,
  );
  return tf.transpose(tf.reshape(alongColumns, [from[1], batch, from[0], channels]), [1, 2, 0, 3]);
}

interface Resizing {
  readonly batch: number;
  /** Height and width of the input and of the output. */
  readonly from: [number, number];
  readonly to: [number, number];
  readonly channels: number;
  readonly dy: Tensor;
}

function resizing(input: KernelCall['input']): Resizing {
  const dy = input('dy');
  const [batch = 1, height = 1, width = 1, channels = 1] = input('images').shape;
  const [, outputHeight = 1, outputWidth = 1] = dy.shape;
  return { batch, from: [height, width], to: [outputHeight, outputWidth], channels, dy };
}

function sampling(attributes: KernelCall['attributes']): [boolean, boolean] {
  return [attributes['alignCorners'] === true, attributes['halfPixelCenters'] === true];
}

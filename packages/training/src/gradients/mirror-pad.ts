import type { Tensor } from '@tensorflow/tfjs';

import type { TensorFlow } from '../backend/interface.ts';
import type { GradientRepair } from './repair.ts';

/**
 * Mirror padding: TensorFlow.js drops the gradient of the mirrored cells (error up to 0.9, on
 * every backend). Here it is folded back, an axis at a time.
 */
export const mirrorPadRepairs: readonly GradientRepair[] = [
  {
    kind: 'gradient',
    name: 'MirrorPad',
    create: (tf) => ({
      gradFunc: (dy, _saved, attributes) => {
        const paddings = attributes['paddings'] as [number, number][];
        // 'reflect' leaves the border cell out of the mirror image, 'symmetric' repeats it.
        const skip = attributes['mode'] === 'reflect' ? 1 : 0;
        return {
          x: () =>
            paddings
              .reduce(
                (gradient, [before, after], axis) =>
                  before + after === 0
                    ? gradient
                    : foldAxis(tf, gradient, { axis, before, after, skip }),
                dy as Tensor,
              )
              .clone(),
        };
      },
    }),
  },
];

interface Mirror {
  readonly axis: number;
  readonly before: number;
  readonly after: number;
  readonly skip: number;
}

function foldAxis(tf: TensorFlow, dy: Tensor, { axis, before, after, skip }: Mirror): Tensor {
  const extent = (dy.shape[axis] ?? 0) - before - after;
  const take = (start: number, length: number): Tensor => {
    const begin = dy.shape.map((_, i) => (i === axis ? start : 0));
    return tf.slice(
      dy,
      begin,
      dy.shape.map((size, i) => (i === axis ? length : size)),
    );
  };
  // The mirrored piece, turned round and put where its cells came from.
  const place = (piece: Tensor, start: number): Tensor => {
    const length = piece.shape[axis] ?? 0;
    const around = dy.shape.map((_, i): [number, number] =>
      i === axis ? [start, extent - start - length] : [0, 0],
    );
    return tf.pad(tf.reverse(piece, axis), around);
  };
  let gradient = take(before, extent);
  if (before > 0) gradient = tf.add(gradient, place(take(0, before), skip));
  if (after > 0) {
    gradient = tf.add(gradient, place(take(before + extent, after), extent - skip - after));
  }
  return gradient;
}

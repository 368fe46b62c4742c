import type { Tensor, TensorInfo } from '@tensorflow/tfjs';

import type { TensorFlow } from '../backend/interface.ts';
import type { GradientRepair, KernelCall, KernelRepair } from './repair.ts';

/**
 * The gradient of a cumulative sum is the cumulative sum from the other end. TensorFlow.js
 * transposes it once too often unless the axis is the last (error 1.3, on every backend). And its
 * wasm and cpu kernels fail on an axis counted from the end: wasm by writing where it must not.
 */
export const cumsumRepairs: readonly (GradientRepair | KernelRepair)[] = [
  {
    kind: 'gradient',
    name: 'Cumsum',
    create: (tf) => ({
      gradFunc: (dy, _saved, attributes) => ({
        x: () =>
          tf.cumsum(
            dy as Tensor,
            attributes['axis'] as number,
            attributes['exclusive'] === true,
            attributes['reverse'] !== true,
          ),
      }),
    }),
  },
  { kind: 'kernel', name: 'Cumsum', backends: ['wasm', 'cpu'], compute: cumsum },
];

function cumsum(_tf: TensorFlow, { input, inputs, attributes, original }: KernelCall): TensorInfo {
  const axis = attributes['axis'] as number;
  const rank = input('x').shape.length;
  return original(inputs, { ...attributes, axis: axis < 0 ? axis + rank : axis });
}

import type { Tensor, TensorInfo } from '@tensorflow/tfjs';

import type { TensorFlow } from '../backend/interface.ts';
import type { GradientRepair, KernelCall, KernelRepair } from './repair.ts';

/**
 * Casts to int32 and bool are constant but for jumps: their gradient is zero. TensorFlow.js hands
 * the gradient through as if they were the identity. And on wasm a cast of numbers to bool keeps
 * the lowest byte instead of asking whether they are zero.
 */
export const castRepairs: readonly (GradientRepair | KernelRepair)[] = [
  {
    kind: 'gradient',
    name: 'Cast',
    create: (tf) => ({
      gradFunc: (dy, _saved, attributes) => {
        const gradient = dy as Tensor;
        const isSmooth = attributes['dtype'] === 'float32' || attributes['dtype'] === 'complex64';
        return { x: () => (isSmooth ? gradient.clone() : tf.zerosLike(gradient)) };
      },
    }),
  },
  { kind: 'kernel', name: 'Cast', backends: ['wasm'], compute: cast },
  { kind: 'kernel', name: 'Cast', backends: ['tensorflow'], compute: castWhereNeeded },
];

function cast(tf: TensorFlow, { input, inputs, attributes, original }: KernelCall): TensorInfo {
  const x = input('x');
  const isTest = attributes['dtype'] === 'bool' && (x.dtype === 'float32' || x.dtype === 'int32');
  if (!isTest) return original(inputs, attributes);
  return tf.notEqual(x, tf.scalar(0, x.dtype));
}

/** Gradients cast to float32 whatever they multiply with: natively a copy, and 20 us, for nothing. */
function castWhereNeeded(
  _tf: TensorFlow,
  { input, inputs, attributes, original }: KernelCall,
): TensorInfo {
  const x = input('x');
  return x.dtype === attributes['dtype'] ? x.clone() : original(inputs, attributes);
}

import type { TensorInfo } from '@tensorflow/tfjs';

import type { TensorFlow } from '../backend/interface.ts';
import { runNative } from './native-operation.ts';
import type { KernelCall, KernelRepair } from './repair.ts';

/**
 * The product of two matrices by TensorFlow's MatMul. TensorFlow.js runs BatchMatMulV2 for all of them, which takes up to
 * a third longer for the forward pass of a dense layer. With a transposed input it is the other way round: those stay.
 */
export const nativeMatMulRepair: KernelRepair = {
  kind: 'kernel',
  name: 'BatchMatMul',
  backends: ['tensorflow'],
  compute: multiply,
};

function multiply(tf: TensorFlow, { input, inputs, attributes, original }: KernelCall): TensorInfo {
  const [a, b] = [input('a'), input('b')];
  const isPlain =
    [a, b].every(({ rank, dtype }) => rank === 2 && dtype === 'float32') &&
    attributes['transposeA'] !== true &&
    attributes['transposeB'] !== true;
  return isPlain ? runNative(tf, 'MatMul', [a, b]) : original(inputs, attributes);
}

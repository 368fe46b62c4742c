import type { Tensor, TensorInfo } from '@tensorflow/tfjs';

import type { TensorFlow } from '../backend/interface.ts';
import { hasNativeOperations, runNative } from './native-operation.ts';
import type { GradientRepair, KernelCall, KernelRepair } from './repair.ts';

/**
 * The sum of a tensor and a bias along its last dimension, as two operations of TensorFlow's. Their gradient needs
 * neither of the two, so that what a layer has computed before its bias is given back at once: a third of the memory that
 * a convolution touches. The gradient of the bias takes a fifth to three quarters of a general sum.
 */
export const biasAddRepairs: readonly (GradientRepair | KernelRepair)[] = [
  {
    kind: 'kernel',
    name: 'BiasAdd',
    backends: ['tensorflow'],
    compute: (tf: TensorFlow, { input }: KernelCall): TensorInfo =>
      runNative(tf, 'BiasAdd', [input('value'), input('bias')], channelsLast),
  },
  {
    kind: 'kernel',
    name: 'BiasAddGrad',
    backends: ['tensorflow'],
    compute: (tf: TensorFlow, { input }: KernelCall): TensorInfo =>
      runNative(tf, 'BiasAddGrad', [input('dy')], channelsLast),
  },
  {
    kind: 'gradient',
    name: 'BiasAdd',
    create: (tf) => ({
      gradFunc: (dy) => ({
        value: () => (dy as Tensor).clone(),
        bias: () => tf.engine().runKernel<Tensor>('BiasAddGrad', { dy: dy as Tensor }),
      }),
    }),
  },
  {
    kind: 'gradient',
    name: 'BiasAddGrad',
    create: (tf) => ({
      inputsToSave: ['dy'],
      gradFunc: (ddy, [dy]) => ({
        dy: () => tf.broadcastTo(ddy as Tensor, (dy as Tensor).shape),
      }),
    }),
  },
];

const channelsLast = { data_format: 'NHWC' };

/** value + bias, `bias` being as long as the last dimension of `value`; on any backend. */
export function addBias<T extends Tensor>(tf: TensorFlow, value: T, bias: Tensor): T {
  const isNative = hasNativeOperations(tf) && value.dtype === 'float32' && value.rank > 1;
  return isNative ? tf.engine().runKernel<T>('BiasAdd', { value, bias }) : tf.add<T>(value, bias);
}

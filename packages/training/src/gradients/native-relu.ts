import type { GradConfig, Tensor, TensorInfo } from '@tensorflow/tfjs';

import type { TensorFlow } from '../backend/interface.ts';
import { hasNativeOperations, runNative } from './native-operation.ts';
import type { GradientRepair, KernelCall, KernelRepair } from './repair.ts';
import { assertKnown } from './repair.ts';

/**
 * The gradients of relu and relu6 as the one operation that TensorFlow has for each. TensorFlow.js makes them of seven
 * others (IsNan, Greater, Fill, Select twice, Cast, Mul), each over the whole tensor: a tenth of the time of a small
 * convolutional network. Where x is NaN they give zero instead of NaN; loss and later layers have the NaN all the same.
 *
 * That of relu is computed from its output, which is positive where its input is, and which the next layer keeps anyhow.
 */
export const nativeReluRepairs: readonly (GradientRepair | KernelRepair)[] = [
  ...fused('Relu', 'ReluGrad', { outputsToSave: [true] }),
  ...fused('Relu6', 'Relu6Grad', { inputsToSave: ['x'] }),
];

function fused(
  forward: string,
  backward: string,
  saves: Pick<GradConfig, 'inputsToSave' | 'outputsToSave'>,
): readonly (GradientRepair | KernelRepair)[] {
  const gradient = (tf: TensorFlow, dy: Tensor, x: Tensor): Tensor =>
    tf.engine().runKernel<Tensor>(backward, { gradients: dy, features: x });
  return [
    {
      kind: 'kernel',
      name: backward,
      backends: ['tensorflow'],
      compute: (tf: TensorFlow, { input }: KernelCall): TensorInfo =>
        runNative(tf, backward, [input('gradients'), input('features')]),
    },
    {
      kind: 'gradient',
      name: forward,
      create: (tf, original) => {
        assertKnown(original);
        return {
          ...saves,
          gradFunc: (dy, saved, attributes) => {
            const [x] = saved;
            if (x === undefined || !hasNativeOperations(tf)) {
              return original.gradFunc(dy, saved, attributes);
            }
            return { x: () => gradient(tf, dy as Tensor, x) };
          },
        };
      },
    },
    {
      kind: 'gradient',
      name: backward,
      // Linear in the gradients, constant but for a jump in the features.
      create: (tf) => ({
        inputsToSave: ['features'],
        gradFunc: (dy, [x]) => ({
          gradients: () => gradient(tf, dy as Tensor, x as Tensor),
          features: () => tf.zerosLike(x as Tensor),
        }),
      }),
    },
  ];
}

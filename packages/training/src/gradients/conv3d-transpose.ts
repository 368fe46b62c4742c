import type { Tensor, Tensor5D } from '@tensorflow/tfjs';

import type { GradientRepair } from './repair.ts';

/**
 * conv3dTranspose has no gradient in TensorFlow.js. It is the gradient of conv3d by its input, so
 * its own gradient by the input is conv3d, and by the filter that of conv3d with both ends swapped.
 */
export const conv3dTransposeRepair: GradientRepair = {
  kind: 'gradient',
  name: 'Conv3DBackpropInputV2',
  create: (tf) => ({
    inputsToSave: ['dy', 'filter'],
    gradFunc: (gradient, saved, attributes) => {
      const [dy, filter] = saved as [Tensor5D, Tensor5D];
      const ddx = gradient as Tensor;
      const strides = attributes['strides'] as number | [number, number, number];
      const pad = attributes['pad'] as 'valid' | 'same';
      return {
        dy: () => tf.conv3d(ddx as Tensor5D, filter, strides, pad),
        filter: () => {
          const output: unknown = tf
            .engine()
            .runKernel(
              'Conv3DBackpropFilterV2',
              { x: ddx, dy },
              { strides, pad, filterShape: filter.shape },
            );
          return output as Tensor;
        },
      };
    },
  }),
};

import type { Tensor } from '@tensorflow/tfjs';

import type { GradientRepair } from './repair.ts';

/** gatherND and scatterND have no gradient in TensorFlow.js; each is the gradient of the other. */
export const ndGatherRepairs: readonly GradientRepair[] = [
  {
    kind: 'gradient',
    name: 'GatherNd',
    create: (tf) => ({
      inputsToSave: ['params', 'indices'],
      gradFunc: (dy, saved) => {
        const [params, indices] = saved as [Tensor, Tensor];
        return {
          params: () => tf.scatterND(indices, dy as Tensor, params.shape),
          indices: () => tf.zerosLike(indices),
        };
      },
    }),
  },
  {
    kind: 'gradient',
    name: 'ScatterNd',
    create: (tf) => ({
      inputsToSave: ['indices'],
      gradFunc: (dy, saved) => {
        const [indices] = saved as [Tensor];
        return {
          updates: () => tf.gatherND(dy as Tensor, indices),
          indices: () => tf.zerosLike(indices),
        };
      },
    }),
  },
];

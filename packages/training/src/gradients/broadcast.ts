import type { GradConfig, Tensor } from '@tensorflow/tfjs';

import type { TensorFlow } from '../backend/interface.ts';
import type { GradientRepair } from './repair.ts';
import { assertKnown } from './repair.ts';
import { sumToShape } from './sum-to-shape.ts';

/**
 * Operations whose gradient in TensorFlow.js has the shape of the output, and so fails when an
 * input was broadcast (matMul: along its batch axes). Here it is summed back to the input's shape.
 */
export const broadcastRepairs: readonly GradientRepair[] = [
  'Maximum',
  'Minimum',
  'SquaredDifference',
  'BatchMatMul',
].map((name) => ({ kind: 'gradient', name, create: sumAfter }));

function sumAfter(
  tf: TensorFlow,
  original: GradConfig | undefined,
): Omit<GradConfig, 'kernelName'> {
  assertKnown(original);
  return {
    ...original,
    inputsToSave: ['a', 'b'],
    gradFunc: (dy, saved, attributes) => {
      const [a, b] = saved;
      const gradients = original.gradFunc(dy, saved, attributes);
      const summed = (input: Tensor | undefined, gradient: (() => Tensor) | undefined) => () => {
        if (input === undefined || gradient === undefined) throw new Error('no such input');
        return sumToShape(tf, gradient(), input.shape);
      };
      return { a: summed(a, gradients['a']), b: summed(b, gradients['b']) };
    },
  };
}

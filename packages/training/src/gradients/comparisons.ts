import type { GradConfig, Tensor } from '@tensorflow/tfjs';

import type { TensorFlow } from '../backend/interface.ts';
import type { GradientRepair } from './repair.ts';

/**
 * Comparisons are constant but for jumps, so their gradient is zero; TensorFlow.js has one only
 * for GreaterEqual and fails on the others, as in `where(greater(x, 0), ...)` or a masking layer.
 */
export const comparisonRepairs: readonly GradientRepair[] = [
  ...['Greater', 'Less', 'LessEqual', 'Equal', 'NotEqual'].map((name) =>
    zeroGradient(name, ['a', 'b']),
  ),
  ...['LogicalAnd', 'LogicalOr'].map((name) => zeroGradient(name, ['a', 'b'])),
  ...['LogicalNot', 'Any', 'All'].map((name) => zeroGradient(name, ['x'])),
];

function zeroGradient(name: string, inputs: string[]): GradientRepair {
  const create = (tf: TensorFlow): Omit<GradConfig, 'kernelName'> => ({
    inputsToSave: inputs,
    gradFunc: (_dy, saved) =>
      Object.fromEntries(
        inputs.map((input, i) => [input, () => tf.zeros((saved[i] as Tensor).shape)]),
      ),
  });
  return { kind: 'gradient', name, create };
}

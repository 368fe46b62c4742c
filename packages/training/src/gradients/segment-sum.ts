import type { TensorInfo } from '@tensorflow/tfjs';

import type { TensorFlow } from '../backend/interface.ts';
import { createHostTensor } from './host-tensor.ts';
import type { KernelCall, KernelRepair } from './repair.ts';

/**
 * UnsortedSegmentSum, the gradient of every gather and embedding: missing on wasm, and on cpu as
 * slow as the number of segments times that of rows.
 */
export const segmentSumRepairs: readonly KernelRepair[] = [
  { kind: 'kernel', name: 'UnsortedSegmentSum', backends: ['wasm', 'cpu'], compute: segmentSum },
];

/** Row i of the output is the sum of the rows of `x` whose id is i; negative ids are left out. */
function segmentSum(tf: TensorFlow, { input, attributes }: KernelCall): TensorInfo {
  const x = input('x');
  const ids = input('segmentIds');
  const rowShape = x.shape.slice(ids.shape.length);
  const rowSize = tf.util.sizeFromShape(rowShape);
  const segments = attributes['numSegments'] as number;
  return createHostTensor(tf, [segments, ...rowShape], (output, memory) => {
    const values = memory.floats(x);
    memory.integers(ids).forEach((id, row) => {
      if (id < 0 || id >= segments) return;
      const from = row * rowSize;
      const into = id * rowSize;
      for (let i = 0; i < rowSize; i++) {
        output[into + i] = (output[into + i] as number) + (values[from + i] as number);
      }
    });
  });
}

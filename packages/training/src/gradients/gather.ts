import type { GradConfig, NamedAttrMap, Tensor, TensorInfo } from '@tensorflow/tfjs';

import type { TensorFlow } from '../backend/interface.ts';
import { createHostTensor } from './host-tensor.ts';
import type { GradientRepair, KernelCall, KernelRepair } from './repair.ts';
import { assertKnown } from './repair.ts';

/**
 * Gather with batch axes: wrong on wasm with more than one, and without a gradient then anywhere.
 * (Plain gather, as in an embedding, needs only `segment-sum.ts`.)
 */
export const gatherRepairs: readonly (KernelRepair | GradientRepair)[] = [
  { kind: 'kernel', name: 'GatherV2', backends: ['wasm'], compute: gather },
  { kind: 'gradient', name: 'GatherV2', create: createGradient },
];

function gather(tf: TensorFlow, { input, inputs, attributes, original }: KernelCall): TensorInfo {
  const x = input('x');
  const indices = input('indices');
  const layout = gatherLayout(tf, { x, indices }, attributes);
  if (layout.batchDims === 0 || x.dtype !== 'float32') return original(inputs, attributes);
  return createHostTensor(tf, layout.outputShape, (output, memory) => {
    const values = memory.floats(x);
    sourceRows(layout, memory.integers(indices)).forEach((from, into) => {
      const { rowSize } = layout;
      output.set(values.subarray(from * rowSize, (from + 1) * rowSize), into * rowSize);
    });
  });
}

function createGradient(
  tf: TensorFlow,
  original: GradConfig | undefined,
): Omit<GradConfig, 'kernelName'> {
  assertKnown(original);
  return {
    ...original,
    gradFunc: (dy, saved, attributes) => {
      const [x, indices] = saved as [Tensor, Tensor];
      const layout = gatherLayout(tf, { x, indices }, attributes);
      if (layout.batchDims === 0) return original.gradFunc(dy, saved, attributes);
      return {
        x: () => {
          const rows = sourceRows(layout, indices.dataSync() as Int32Array);
          const values = tf.reshape(dy as Tensor, [rows.length, layout.rowSize]);
          const { batch, outer, extent } = layout;
          const sums = tf.unsortedSegmentSum(
            values,
            tf.tensor1d(rows, 'int32'),
            batch * outer * extent,
          );
          return tf.reshape(sums, x.shape);
        },
        indices: () => indices,
      };
    },
  };
}

/** Input [batch, outer, extent, rowSize], indices [batch, picked], output [batch, outer, picked, rowSize]. */
interface GatherLayout {
  readonly batchDims: number;
  readonly batch: number;
  readonly outer: number;
  readonly extent: number;
  readonly picked: number;
  readonly rowSize: number;
  readonly outputShape: readonly number[];
}

function gatherLayout(
  tf: TensorFlow,
  { x, indices }: { readonly x: TensorInfo; readonly indices: TensorInfo },
  attributes: NamedAttrMap,
): GatherLayout {
  const batchDims = (attributes['batchDims'] ?? 0) as number;
  const axis = tf.util.parseAxisParam(attributes['axis'] as number, x.shape)[0] ?? 0;
  const sizeOf = tf.util.sizeFromShape;
  return {
    batchDims,
    batch: sizeOf(x.shape.slice(0, batchDims)),
    outer: sizeOf(x.shape.slice(batchDims, axis)),
    extent: x.shape[axis] ?? 1,
    picked: sizeOf(indices.shape.slice(batchDims)),
    rowSize: sizeOf(x.shape.slice(axis + 1)),
    outputShape: [
      ...x.shape.slice(0, axis),
      ...indices.shape.slice(batchDims),
      ...x.shape.slice(axis + 1),
    ],
  };
}

/** For each row of the output, in order, the row of the input that it comes from. */
function sourceRows(layout: GatherLayout, indices: Int32Array): Int32Array {
  const { batch, outer, extent, picked } = layout;
  return Int32Array.from({ length: batch * outer * picked }, (_, row) => {
    const block = Math.floor(row / picked);
    const index = indices[Math.floor(block / outer) * picked + (row % picked)] ?? 0;
    return block * extent + index;
  });
}

import type { GradConfig, NamedTensorMap, Tensor, TensorInfo } from '@tensorflow/tfjs';

import type { TensorFlow } from '../backend/interface.ts';
import type { GradientRepair } from './repair.ts';
import { assertKnown } from './repair.ts';

/**
 * Gradients of dilated convolutions, which TensorFlow.js refuses to compute: a dilated filter is a
 * larger one with zeros between its weights, and that has a gradient everywhere.
 */
export const dilationRepairs: readonly GradientRepair[] = [
  ['Conv2D', 'Conv2DBackpropInput', 'Conv2DBackpropFilter'],
  [
    'DepthwiseConv2dNative',
    'DepthwiseConv2dNativeBackpropInput',
    'DepthwiseConv2dNativeBackpropFilter',
  ],
].map(([name = '', inputKernel = '', filterKernel = '']) => ({
  kind: 'gradient',
  name,
  create: (tf, original) => createGradient(tf, original, { inputKernel, filterKernel }),
}));

interface Kernels {
  readonly inputKernel: string;
  readonly filterKernel: string;
}

function createGradient(
  tf: TensorFlow,
  original: GradConfig | undefined,
  kernels: Kernels,
): Omit<GradConfig, 'kernelName'> {
  assertKnown(original);
  return {
    ...original,
    gradFunc: (dy, saved, attributes) => {
      const [rows, columns] = bothAxes(attributes['dilations'] as number | number[] | null);
      if (rows === 1 && columns === 1) return original.gradFunc(dy, saved, attributes);
      const [x, filter] = saved as [Tensor, Tensor];
      const stretched = stretch(tf, stretch(tf, filter, 0, rows), 1, columns);
      const plain = { ...attributes, dilations: [1, 1] };
      const run = (kernel: string, inputs: NamedTensorMap, more: object): Tensor => {
        const output: TensorInfo | TensorInfo[] = tf
          .engine()
          .runKernel(kernel, inputs, { ...plain, ...more });
        return output as Tensor;
      };
      return {
        x: () =>
          run(
            kernels.inputKernel,
            { dy: dy as Tensor, filter: stretched },
            { inputShape: x.shape },
          ),
        filter: () => {
          const inputs = { x, dy: dy as Tensor };
          const gradient = run(kernels.filterKernel, inputs, { filterShape: stretched.shape });
          return shrink(tf, shrink(tf, gradient, 0, rows), 1, columns);
        },
      };
    },
  };
}

function bothAxes(dilations: number | readonly number[] | null): [number, number] {
  if (dilations === null) return [1, 1];
  if (typeof dilations === 'number') return [dilations, dilations];
  const [rows = 1, columns = rows] = dilations;
  return [rows, columns];
}

/** Puts `rate - 1` zeros between neighbours along an axis. */
function stretch(tf: TensorFlow, filter: Tensor, axis: number, rate: number): Tensor {
  if (rate === 1) return filter;
  const { before, extent, after } = around(filter.shape, axis);
  const cells = tf.reshape(filter, [before * extent, 1, after]);
  const spread = tf.pad(cells, [
    [0, 0],
    [0, rate - 1],
    [0, 0],
  ]);
  const length = (extent - 1) * rate + 1;
  const cut = tf.slice(
    tf.reshape(spread, [before, extent * rate, after]),
    [0, 0, 0],
    [-1, length, -1],
  );
  return tf.reshape(cut, replaceAxis(filter.shape, axis, length));
}

/** Takes every `rate`-th along an axis: the transpose of `stretch`. */
function shrink(tf: TensorFlow, gradient: Tensor, axis: number, rate: number): Tensor {
  if (rate === 1) return gradient;
  const { before, extent, after } = around(gradient.shape, axis);
  const cells = tf.reshape(gradient, [before, extent, after]);
  const spread = tf.pad(cells, [
    [0, 0],
    [0, rate - 1],
    [0, 0],
  ]);
  const length = (extent - 1) / rate + 1;
  const first = tf.slice(
    tf.reshape(spread, [before * length, rate, after]),
    [0, 0, 0],
    [-1, 1, -1],
  );
  return tf.reshape(first, replaceAxis(gradient.shape, axis, length));
}

function around(
  shape: readonly number[],
  axis: number,
): { before: number; extent: number; after: number } {
  const product = (extents: readonly number[]): number => extents.reduce((a, b) => a * b, 1);
  return {
    before: product(shape.slice(0, axis)),
    extent: shape[axis] ?? 1,
    after: product(shape.slice(axis + 1)),
  };
}

function replaceAxis(shape: readonly number[], axis: number, extent: number): number[] {
  return shape.map((old, i) => (i === axis ? extent : old));
}

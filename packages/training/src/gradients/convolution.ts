import type { Tensor, Tensor2D, TensorInfo } from '@tensorflow/tfjs';

import type { TensorFlow } from '../backend/interface.ts';
import { createHostTensor, updateHostTensor } from './host-tensor.ts';
import type { KernelCall, KernelRepair } from './repair.ts';
import {
  countLines,
  forEachCell,
  type LineRange,
  type Padding,
  type WindowGeometry,
  windows2d,
  windows3d,
  windowSize,
} from './window-geometry.ts';

/**
 * Gradients of convolutions on wasm: Conv2DBackpropFilter is missing, Conv2DBackpropInput is right
 * but six times slower than this, and both kernels of three-dimensional convolution are wrong.
 *
 * Both are one matrix product with the windows of the input written out as columns ("im2col"):
 * filter gradient = patches . dy, input gradient = the sum over windows of dy . filter^T.
 * For channels last only, as the forward kernel.
 */
export const convolutionRepairs: readonly KernelRepair[] = [
  { kind: 'kernel', name: 'Conv2DBackpropFilter', backends: ['wasm'], compute: filterGradient },
  { kind: 'kernel', name: 'Conv3DBackpropFilterV2', backends: ['wasm'], compute: filterGradient },
  { kind: 'kernel', name: 'Conv2DBackpropInput', backends: ['wasm'], compute: inputGradient },
  { kind: 'kernel', name: 'Conv3DBackpropInputV2', backends: ['wasm'], compute: inputGradient },
];

// 16 MB of patches at a time: WebAssembly memory ends at 4 GB, and caches long before.
const patchElements = 4 * 1024 * 1024;

function filterGradient(tf: TensorFlow, { input, attributes }: KernelCall): TensorInfo {
  const x = input('x');
  const dy = input('dy');
  const filterShape = attributes['filterShape'] as number[];
  const geometry = convolutionWindows(tf, { inputShape: x.shape, dy, filterShape }, attributes);
  const rows = asRows(tf, dy);
  let total: Tensor | undefined;
  for (const lines of chunksOf(geometry)) {
    total = tf.tidy(() => {
      const product = tf.matMul(
        takePatches(tf, x, geometry, lines),
        takeRows(tf, rows, geometry, lines),
      );
      return total === undefined ? product : tf.add(total, product);
    });
  }
  return tf.reshape(total ?? tf.zeros(filterShape), filterShape);
}

function inputGradient(tf: TensorFlow, { input, attributes }: KernelCall): TensorInfo {
  const dy = input('dy');
  const filter = input('filter');
  const inputShape = attributes['inputShape'] as number[];
  const geometry = convolutionWindows(
    tf,
    { inputShape, dy, filterShape: filter.shape },
    attributes,
  );
  const rows = asRows(tf, dy);
  const flatFilter = asRows(tf, filter);
  const dx = createHostTensor(tf, inputShape, () => undefined);
  for (const lines of chunksOf(geometry)) {
    tf.tidy(() => {
      const patches = tf.matMul(takeRows(tf, rows, geometry, lines), flatFilter, false, true);
      addPatches(tf, dx, { patches, geometry, lines });
    });
  }
  return dx;
}

interface ConvolutionShapes {
  readonly inputShape: readonly number[];
  readonly dy: TensorInfo;
  readonly filterShape: readonly number[];
}

function convolutionWindows(
  tf: TensorFlow,
  { inputShape, dy, filterShape }: ConvolutionShapes,
  attributes: KernelCall['attributes'],
): WindowGeometry {
  if (attributes['dataFormat'] === 'NCHW') throw new Error('channels must come last (NHWC)');
  const windows = inputShape.length === 5 ? windows3d : windows2d;
  return windows(tf, {
    inputShape,
    outputShape: dy.shape,
    filter: filterShape.slice(0, -2),
    strides: attributes['strides'] as number | number[],
    padding: attributes['pad'] as Padding,
  });
}

function chunksOf(geometry: WindowGeometry): readonly LineRange[] {
  const lines = countLines(geometry);
  const elements = windowSize(geometry) * geometry.channels * geometry.output[2];
  const length = Math.max(1, Math.floor(patchElements / elements));
  return Array.from({ length: Math.ceil(lines / length) }, (_, i) => ({
    first: i * length,
    end: Math.min(lines, (i + 1) * length),
  }));
}

/** The windows of these lines as columns of [filter cells x channels, windows]. */
function takePatches(
  tf: TensorFlow,
  x: TensorInfo,
  geometry: WindowGeometry,
  lines: LineRange,
): Tensor2D {
  const { channels } = geometry;
  const windows = (lines.end - lines.first) * geometry.output[2];
  return createHostTensor(tf, [windowSize(geometry) * channels, windows], (patches, memory) => {
    const values = memory.floats(x);
    forEachCell(geometry, lines, (cell, window, inputStart) => {
      let into = cell * channels * windows + window;
      for (let channel = 0; channel < channels; channel++, into += windows) {
        patches[into] = values[inputStart + channel] as number;
      }
    });
  }) as Tensor2D;
}

interface PatchSum {
  /** [windows, filter cells x channels] */
  readonly patches: Tensor;
  readonly geometry: WindowGeometry;
  readonly lines: LineRange;
}

function addPatches(tf: TensorFlow, dx: Tensor, { patches, geometry, lines }: PatchSum): void {
  const { channels } = geometry;
  const rowSize = windowSize(geometry) * channels;
  updateHostTensor(tf, dx, (sum, memory) => {
    const values = memory.floats(patches);
    forEachCell(geometry, lines, (cell, window, inputStart) => {
      const from = window * rowSize + cell * channels;
      for (let channel = 0; channel < channels; channel++) {
        const into = inputStart + channel;
        sum[into] = (sum[into] as number) + (values[from + channel] as number);
      }
    });
  });
}

/** All but the last axis as one. */
function asRows(tf: TensorFlow, tensor: Tensor): Tensor2D {
  return tf.reshape(tensor, [-1, tensor.shape[tensor.rank - 1] ?? 1]);
}

function takeRows(
  tf: TensorFlow,
  rows: Tensor2D,
  { output }: WindowGeometry,
  lines: LineRange,
): Tensor2D {
  const count = (lines.end - lines.first) * output[2];
  return count === rows.shape[0] ? rows : tf.slice(rows, [lines.first * output[2], 0], [count, -1]);
}

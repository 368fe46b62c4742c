import type { TensorInfo } from '@tensorflow/tfjs';

import type { TensorFlow } from '../backend/interface.ts';
import { createHostTensor } from './host-tensor.ts';
import type { KernelCall, KernelRepair } from './repair.ts';
import {
  countLines,
  forEachCell,
  type LineRange,
  type Padding,
  type WindowGeometry,
  windows2d,
} from './window-geometry.ts';

/** Gradients of depthwise (and so of separable) convolutions on wasm, where they are missing. */
export const depthwiseConvolutionRepairs: readonly KernelRepair[] = [
  {
    kind: 'kernel',
    name: 'DepthwiseConv2dNativeBackpropInput',
    backends: ['wasm'],
    compute: inputGradient,
  },
  {
    kind: 'kernel',
    name: 'DepthwiseConv2dNativeBackpropFilter',
    backends: ['wasm'],
    compute: filterGradient,
  },
];

function inputGradient(tf: TensorFlow, { input, attributes }: KernelCall): TensorInfo {
  const dy = input('dy');
  const filter = input('filter');
  const inputShape = attributes['inputShape'] as number[];
  const geometry = depthwiseWindows(tf, { inputShape, dy, filterShape: filter.shape }, attributes);
  return createHostTensor(tf, inputShape, (dx, memory) => {
    const weights = memory.floats(filter);
    const gradient = memory.floats(dy);
    const multiplier = multiplierOf(filter.shape);
    const width = geometry.channels * multiplier;
    forEachCell(geometry, allLines(geometry), (cell, window, inputStart) => {
      const weightStart = cell * width;
      const outputStart = window * width;
      for (let i = 0; i < width; i++) {
        const place = inputStart + (multiplier === 1 ? i : Math.floor(i / multiplier));
        const product =
          (gradient[outputStart + i] as number) * (weights[weightStart + i] as number);
        dx[place] = (dx[place] as number) + product;
      }
    });
  });
}

function filterGradient(tf: TensorFlow, { input, attributes }: KernelCall): TensorInfo {
  const x = input('x');
  const dy = input('dy');
  const filterShape = attributes['filterShape'] as number[];
  const geometry = depthwiseWindows(tf, { inputShape: x.shape, dy, filterShape }, attributes);
  return createHostTensor(tf, filterShape, (output, memory) => {
    const values = memory.floats(x);
    const gradient = memory.floats(dy);
    // Each weight sums over the whole batch: in float32 that would lose digits.
    const sums = new Float64Array(output.length);
    const multiplier = multiplierOf(filterShape);
    const width = geometry.channels * multiplier;
    forEachCell(geometry, allLines(geometry), (cell, window, inputStart) => {
      const weightStart = cell * width;
      const outputStart = window * width;
      for (let i = 0; i < width; i++) {
        const place = inputStart + (multiplier === 1 ? i : Math.floor(i / multiplier));
        const product = (gradient[outputStart + i] as number) * (values[place] as number);
        sums[weightStart + i] = (sums[weightStart + i] as number) + product;
      }
    });
    output.set(sums);
  });
}

interface DepthwiseShapes {
  readonly inputShape: readonly number[];
  readonly dy: TensorInfo;
  readonly filterShape: readonly number[];
}

function depthwiseWindows(
  tf: TensorFlow,
  { inputShape, dy, filterShape }: DepthwiseShapes,
  attributes: KernelCall['attributes'],
): WindowGeometry {
  return windows2d(tf, {
    inputShape,
    outputShape: dy.shape,
    filter: filterShape.slice(0, 2),
    strides: attributes['strides'] as number | number[],
    dilations: (attributes['dilations'] ?? 1) as number | number[],
    padding: attributes['pad'] as Padding,
  });
}

/** Output channels for each input channel; the filter is [height, width, channels, multiplier]. */
function multiplierOf(filterShape: readonly number[]): number {
  return filterShape[3] ?? 1;
}

function allLines(geometry: WindowGeometry): LineRange {
  return { first: 0, end: countLines(geometry) };
}

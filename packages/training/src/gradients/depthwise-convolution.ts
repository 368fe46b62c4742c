import type { TensorInfo } from '@tensorflow/tfjs';

import type { TensorFlow } from '../backend/interface.ts';
import { createHostTensor } from './host-tensor.ts';
import { inputOf, type KernelCall, type KernelRepair } from './repair.ts';
import {
  countLines,
  forEachCell,
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

function inputGradient(tf: TensorFlow, { inputs, attributes }: KernelCall): TensorInfo {
  const dy = inputOf(inputs, 'dy');
  const filter = inputOf(inputs, 'filter');
  const inputShape = attributes['inputShape'] as number[];
  const geometry = depthwiseWindows(tf, { inputShape, dy, filterShape: filter.shape }, attributes);
  return createHostTensor(tf, inputShape, (dx, memory) => {
    const weights = memory.floats(filter);
    const gradient = memory.floats(dy);
    forEachProduct(geometry, multiplierOf(filter.shape), (weight, output, input) => {
      dx[input] = (dx[input] as number) + (gradient[output] as number) * (weights[weight] as number);
    });
  });
}

function filterGradient(tf: TensorFlow, { inputs, attributes }: KernelCall): TensorInfo {
  const x = inputOf(inputs, 'x');
  const dy = inputOf(inputs, 'dy');
  const filterShape = attributes['filterShape'] as number[];
  const geometry = depthwiseWindows(tf, { inputShape: x.shape, dy, filterShape }, attributes);
  return createHostTensor(tf, filterShape, (output, memory) => {
    const values = memory.floats(x);
    const gradient = memory.floats(dy);
    // Each weight sums over the whole batch: in float32 that would lose digits.
    const sums = new Float64Array(output.length);
    forEachProduct(geometry, multiplierOf(filterShape), (weight, place, input) => {
      sums[weight] = (sums[weight] as number) + (gradient[place] as number) * (values[input] as number);
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

/** Calls `visit` with the flat places of each weight, output and input that meet in a product. */
function forEachProduct(
  geometry: WindowGeometry,
  multiplier: number,
  visit: (weight: number, output: number, input: number) => void,
): void {
  const { channels } = geometry;
  const width = channels * multiplier;
  forEachCell(geometry, { first: 0, end: countLines(geometry) }, (cell, window, inputStart) => {
    for (let channel = 0; channel < channels; channel++) {
      for (let i = channel * multiplier; i < (channel + 1) * multiplier; i++) {
        visit(cell * width + i, window * width + i, inputStart + channel);
      }
    }
  });
}

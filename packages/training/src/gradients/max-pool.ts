import type { TensorInfo } from '@tensorflow/tfjs';

import type { TensorFlow } from '../backend/interface.ts';
import { createHostTensor } from './host-tensor.ts';
import { poolWindows } from './pool-attributes.ts';
import type { KernelCall, KernelRepair } from './repair.ts';
import { forEachWindow, locateWindow, type WindowGeometry, windowSize } from './window-geometry.ts';

/**
 * The gradient of max pooling: the kernels of wasm are wrong (relative error up to 1), and so is
 * that of cpu in three dimensions unless windows are cubes.
 *
 * Each window gives its gradient to the first of its largest cells in row-major order, as
 * TensorFlow does. The forward pass in three dimensions is here as well: on wasm it takes padding
 * for cells.
 */
export const maxPoolRepairs: readonly KernelRepair[] = [
  { kind: 'kernel', name: 'MaxPoolGrad', backends: ['wasm'], compute: maxPoolGradient },
  { kind: 'kernel', name: 'MaxPool3DGrad', backends: ['wasm', 'cpu'], compute: maxPoolGradient },
  { kind: 'kernel', name: 'MaxPool3D', backends: ['wasm'], compute: maxPool3d },
];

function maxPoolGradient(tf: TensorFlow, { input, attributes }: KernelCall): TensorInfo {
  const x = input('input');
  const dy = input('dy');
  const geometry = poolWindows(tf, { inputShape: x.shape, outputShape: dy.shape }, attributes);
  return createHostTensor(tf, x.shape, (output, memory) => {
    routeToLargest(geometry, {
      x: memory.floats(x),
      y: memory.floats(input('output')),
      dy: memory.floats(dy),
      dx: output,
    });
  });
}

interface PoolArrays {
  readonly x: Float32Array;
  readonly y: Float32Array;
  readonly dy: Float32Array;
  readonly dx: Float32Array;
}

function routeToLargest(geometry: WindowGeometry, arrays: PoolArrays): void {
  const positions = new Int32Array(windowSize(geometry));
  forEachWindow(geometry, (image, window, outputStart) => {
    const count = locateWindow(geometry, image, window, positions);
    routeWindow(arrays, { positions, count, outputStart, channels: geometry.channels });
  });
}

interface Window {
  readonly positions: Int32Array;
  readonly count: number;
  readonly outputStart: number;
  readonly channels: number;
}

/** Stops at the first cell that is the maximum: half the time of looking for the maximum again. */
function routeWindow({ x, y, dy, dx }: PoolArrays, window: Window): void {
  const { positions, count, outputStart, channels } = window;
  for (let channel = 0; channel < channels; channel++) {
    const largest = at(y, outputStart + channel);
    for (let i = 0; i < count; i++) {
      const position = at(positions, i) + channel;
      if (at(x, position) === largest) {
        dx[position] = at(dx, position) + at(dy, outputStart + channel);
        break;
      }
    }
  }
}

function maxPool3d(tf: TensorFlow, { input, attributes }: KernelCall): TensorInfo {
  const x = input('x');
  const outputShape = maxPool3dShape(tf, x, attributes);
  const geometry = poolWindows(tf, { inputShape: x.shape, outputShape }, attributes);
  return createHostTensor(tf, outputShape, (output, memory) => {
    takeLargest(geometry, memory.floats(x), output);
  });
}

function takeLargest(geometry: WindowGeometry, x: Float32Array, output: Float32Array): void {
  const positions = new Int32Array(windowSize(geometry));
  forEachWindow(geometry, (image, window, outputStart) => {
    const count = locateWindow(geometry, image, window, positions);
    for (let channel = 0; channel < geometry.channels; channel++) {
      let largest = -Infinity;
      for (let i = 0; i < count; i++) {
        largest = Math.max(largest, at(x, at(positions, i) + channel));
      }
      output[outputStart + channel] = largest;
    }
  });
}

function maxPool3dShape(
  tf: TensorFlow,
  x: TensorInfo,
  attributes: KernelCall['attributes'],
): number[] {
  return tf.backend_util.computePool3DInfo(
    x.shape as [number, number, number, number, number],
    attributes['filterSize'] as number,
    attributes['strides'] as number,
    1,
    attributes['pad'] as 'valid' | 'same' | number,
    attributes['dimRoundingMode'] as 'floor' | undefined,
  ).outShape;
}

/** An element that is there; a function this small costs nothing once V8 has inlined it. */
function at(array: Float32Array | Int32Array, index: number): number {
  return array[index] as number;
}

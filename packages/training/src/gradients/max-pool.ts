import type { TensorInfo } from '@tensorflow/tfjs';

import type { TensorFlow } from '../backend/interface.ts';
import { createHostTensor } from './host-tensor.ts';
import { poolWindows } from './pool-attributes.ts';
import { inputOf, type KernelCall, type KernelRepair } from './repair.ts';
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

function maxPoolGradient(tf: TensorFlow, { inputs, attributes }: KernelCall): TensorInfo {
  const input = inputOf(inputs, 'input');
  const dy = inputOf(inputs, 'dy');
  const geometry = poolWindows(tf, { input, dy }, attributes);
  return createHostTensor(tf, input.shape, (output, memory) => {
    routeToLargest(geometry, { x: memory.floats(input), dy: memory.floats(dy), dx: output });
  });
}

interface PoolArrays {
  readonly x: Float32Array;
  readonly dy: Float32Array;
  readonly dx: Float32Array;
}

function routeToLargest(geometry: WindowGeometry, { x, dy, dx }: PoolArrays): void {
  const positions = new Int32Array(windowSize(geometry));
  const { channels } = geometry;
  forEachWindow(geometry, (image, window, outputStart) => {
    const count = locateWindow(geometry, image, window, positions);
    if (count === 0) return;
    for (let channel = 0; channel < channels; channel++) {
      let largest = at(positions, 0) + channel;
      for (let i = 1; i < count; i++) {
        const candidate = at(positions, i) + channel;
        if (at(x, candidate) > at(x, largest)) largest = candidate;
      }
      dx[largest] = at(dx, largest) + at(dy, outputStart + channel);
    }
  });
}

function maxPool3d(tf: TensorFlow, { inputs, attributes }: KernelCall): TensorInfo {
  const x = inputOf(inputs, 'x');
  const outputShape = maxPool3dShape(tf, x, attributes);
  const geometry = poolWindows(tf, { input: x, dy: { ...x, shape: outputShape } }, attributes);
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

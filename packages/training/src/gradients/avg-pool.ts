import type { TensorInfo } from '@tensorflow/tfjs';

import type { TensorFlow } from '../backend/interface.ts';
import { createHostTensor } from './host-tensor.ts';
import { poolWindows } from './pool-attributes.ts';
import type { KernelCall, KernelRepair } from './repair.ts';
import { forEachWindow, locateWindow, type WindowGeometry, windowSize } from './window-geometry.ts';

/**
 * The gradient of average pooling on wasm and cpu, whose own kernels divide by the size of the
 * window where the forward pass divides by its cells inside the input (error up to 0.9 with
 * 'same' or numeric padding).
 */
export const avgPoolRepairs: readonly KernelRepair[] = ['AvgPoolGrad', 'AvgPool3DGrad'].map(
  (name) => ({ kind: 'kernel', name, backends: ['wasm', 'cpu'], compute: avgPoolGradient }),
);

function avgPoolGradient(tf: TensorFlow, { input, attributes }: KernelCall): TensorInfo {
  const { shape } = input('input');
  const dy = input('dy');
  const geometry = poolWindows(tf, { inputShape: shape, outputShape: dy.shape }, attributes);
  return createHostTensor(tf, shape, (output, memory) => {
    shareEqually(geometry, memory.floats(dy), output);
  });
}

function shareEqually(geometry: WindowGeometry, dy: Float32Array, dx: Float32Array): void {
  const positions = new Int32Array(windowSize(geometry));
  const { channels } = geometry;
  forEachWindow(geometry, (image, window, outputStart) => {
    const count = locateWindow(geometry, image, window, positions);
    for (let channel = 0; channel < channels; channel++) {
      const share = (dy[outputStart + channel] as number) / count;
      for (let i = 0; i < count; i++) {
        const position = (positions[i] as number) + channel;
        dx[position] = (dx[position] as number) + share;
      }
    }
  });
}

import type { Tensor } from '@tensorflow/tfjs';
import { describe, expect } from 'vitest';

import type { BackendName, TensorFlow } from '../../src/backend/interface.ts';
import { describeEachBackend } from './each-backend.ts';
import { type GradientCase, gradientError } from './finite-differences.ts';

export interface NamedCase {
  readonly name: string;
  /** Makes the inputs anew, on the backend in effect. */
  readonly make: (tf: TensorFlow) => GradientCase;
  /** Backends on which TensorFlow.js has no such forward pass. */
  readonly except?: readonly BackendName[];
}

export const allBackends: readonly BackendName[] = ['cpu', 'wasm', 'tensorflow'];

// Central differences of float32 results: a right gradient comes out at 1e-5 to 1e-3.
const largestError = 0.005;

/** Checks each case against finite differences, for the same bits twice, and for leaks. */
export function gradientSuite(
  title: string,
  cases: readonly NamedCase[],
  backends: readonly BackendName[] = allBackends,
): void {
  describe(title, () => {
    describeEachBackend(backends, ({ name: backendName, backend, test }) => {
      const possible = cases.filter(({ except = [] }) => !except.includes(backendName));
      for (const { name, make } of possible) {
        test(name, () => {
          const { tf } = backend();
          const gradientCase = make(tf);
          expect(gradientError(tf, gradientCase)).toBeLessThan(largestError);
          const before = tf.memory().numTensors;
          const [first, second] = [gradientBits(tf, gradientCase), gradientBits(tf, gradientCase)];
          expect(second).toEqual(first);
          expect(tf.memory().numTensors).toBe(before);
          tf.dispose([...gradientCase.inputs]);
        });
      }
    });
  });
}

function gradientBits(tf: TensorFlow, { inputs, compute }: GradientCase): number[][] {
  const gradients = tf.tidy(() =>
    tf.grads((...xs: Tensor[]) => tf.sum(tf.square(compute(...xs))))([...inputs]),
  );
  const bits = gradients.map((gradient) =>
    Array.from(new Uint32Array(Float32Array.from(gradient.dataSync()).buffer)),
  );
  tf.dispose(gradients);
  return bits;
}

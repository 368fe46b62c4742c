import type { Tensor, Tensor4D, Tensor5D } from '@tensorflow/tfjs';
import { describe, expect } from 'vitest';

import type { TensorFlow } from '../../src/backend/interface.ts';
import { describeEachBackend } from './each-backend.ts';
import { createDistinctTensor } from './finite-differences.ts';
import { allBackends, gradientSuite, type NamedCase } from './gradient-suite.ts';

const strides = [1, 2, [2, 1]];
const explicit = [
  [0, 0],
  [1, 2],
  [0, 1],
  [0, 0],
];
const paddings = ['valid', 'same', 1, explicit];

interface Pooling {
  readonly name: string;
  readonly shape: readonly number[];
  readonly filter: number | readonly number[];
  readonly paddings: readonly unknown[];
  readonly strides: readonly unknown[];
  compute(tf: TensorFlow, x: Tensor, options: never[]): Tensor;
}

const poolings: readonly Pooling[] = [
  {
    name: 'maxPool',
    shape: [2, 6, 5, 3],
    filter: [3, 2],
    paddings,
    strides,
    compute: (tf, x, [filter, stride, padding]) =>
      tf.maxPool(x as never, filter as never, stride as never, padding as never),
  },
  {
    name: 'avgPool',
    shape: [2, 6, 5, 3],
    filter: [3, 2],
    paddings,
    strides,
    compute: (tf, x, [filter, stride, padding]) =>
      tf.avgPool(x as never, filter as never, stride as never, padding as never),
  },
  {
    name: 'maxPool of a square',
    shape: [1, 7, 7, 2],
    filter: 3,
    paddings: ['valid', 'same', 1],
    strides: [3, 2],
    compute: (tf, x, [filter, stride, padding]) =>
      tf.maxPool(x as never, filter as never, stride as never, padding as never),
  },
  {
    name: 'maxPool3d',
    shape: [2, 4, 3, 4, 2],
    filter: [2, 3, 2],
    paddings: ['valid', 'same', 1],
    strides: [1, 2],
    compute: (tf, x, [filter, stride, padding]) =>
      tf.maxPool3d(x as never, filter as never, stride as never, padding as never),
  },
  {
    name: 'avgPool3d',
    shape: [2, 4, 3, 4, 2],
    filter: [2, 3, 2],
    paddings: ['valid', 'same', 1],
    strides: [1, 2],
    compute: (tf, x, [filter, stride, padding]) =>
      tf.avgPool3d(x as never, filter as never, stride as never, padding as never),
  },
];

const cases = poolings.flatMap(({ name, shape, filter, paddings: all, strides: some, compute }) =>
  all.flatMap((padding) =>
    some.map((stride): NamedCase => ({
      name: `${name}, padding ${JSON.stringify(padding)}, stride ${JSON.stringify(stride)}`,
      // Native TensorFlow pools with 'valid' and 'same' only, and says so.
      except: typeof padding === 'string' ? [] : ['tensorflow'],
      make: (tf) => ({
        inputs: [createDistinctTensor(tf, shape, 1)],
        // Smaller than half the distance of two values: no maximum changes its place.
        step: 0.001,
        compute: (x) => compute(tf, x, [filter, stride, padding] as never[]),
      }),
    })),
  ),
);

// Kernels of wasm added to memory that they had not cleared, which shows when there is much of it.
const large: readonly NamedCase[] = [
  {
    name: 'maxPool of many windows',
    make: (tf) => ({
      inputs: [createDistinctTensor(tf, [2, 26, 26, 3], 1)],
      step: 0.0002,
      compute: (x) => tf.maxPool(x as Tensor4D, 2, 2, 'valid'),
    }),
  },
  {
    name: 'maxPool3d of many windows',
    make: (tf) => ({
      inputs: [createDistinctTensor(tf, [1, 9, 8, 13, 3], 1)],
      step: 0.0002,
      compute: (x) => tf.maxPool3d(x as Tensor5D, 2, 2, 'same'),
    }),
  },
];

gradientSuite('the gradient of pooling is right', [...cases, ...large]);

describe('a maximum that occurs more than once', () => {
  describeEachBackend(allBackends, ({ backend, test }) => {
    const gradientOfMaxPool = (values: number[], shape: number[], filter: [number, number]) => {
      const { tf } = backend();
      return tf.tidy(() => {
        const pool = (x: Tensor) => tf.maxPool(x as never, filter, filter, 'valid');
        return Array.from(tf.grad(pool)(tf.tensor(values, shape)).dataSync());
      });
    };

    test('gives the gradient to its first place in row-major order', () => {
      expect(gradientOfMaxPool([0, 2, 5, 2, 5, 5], [1, 2, 3, 1], [2, 3])).toEqual([
        0, 0, 1, 0, 0, 0,
      ]);
      expect(gradientOfMaxPool([7, 7, 7, 7], [1, 2, 2, 1], [2, 2])).toEqual([1, 0, 0, 0]);
    });

    test('treats zeros of both signs as equal', () => {
      expect(gradientOfMaxPool([-1, -0, 0, -0], [1, 2, 2, 1], [2, 2])).toEqual([0, 1, 0, 0]);
    });

    test('is looked for in each channel apart', () => {
      // Two channels: [1, 9], [4, 9], [4, 3], [2, 9].
      expect(gradientOfMaxPool([1, 9, 4, 9, 4, 3, 2, 9], [1, 2, 2, 2], [2, 2])).toEqual([
        0, 1, 1, 0, 0, 0, 0, 0,
      ]);
    });
  });
});

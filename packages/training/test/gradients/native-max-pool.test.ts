import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import type { Tensor, Tensor4D } from '@tensorflow/tfjs';
import { describe, expect } from 'vitest';
import { installGradients } from '../../src/gradients/install.ts';
import { runNative } from '../../src/gradients/native-operation.ts';
import { numbersOf } from '../support/numbers.ts';
import { describeEachBackend } from './each-backend.ts';

interface Pooling {
  readonly shape: readonly number[];
  readonly filter: readonly [number, number];
  readonly strides: readonly [number, number];
  readonly pad: 'valid' | 'same';
}

const same: readonly Pooling[] = [
  { shape: [3, 8, 9, 5], filter: [2, 2], strides: [2, 2], pad: 'valid' },
  { shape: [3, 9, 7, 5], filter: [2, 2], strides: [2, 2], pad: 'same' },
  { shape: [2, 9, 9, 17], filter: [3, 2], strides: [3, 3], pad: 'same' },
  { shape: [1, 6, 6, 1], filter: [6, 6], strides: [1, 1], pad: 'valid' },
];

describe('max pooling by oneDNN', () => {
  describeEachBackend(['tensorflow'], ({ backend, test }) => {
    for (const { shape, filter, strides, pad } of same) {
      test(`has the bits of TensorFlow's own: [${shape.join()}] by [${filter.join()}], ${pad}`, () => {
        installGradients(backend());
        const { tf } = backend();
        tf.tidy(() => {
          const size = shape.reduce((product, dimension) => product * dimension, 1);
          // A few numbers only: most windows have several largest ones, of which one gets the gradient.
          const x = tf.relu(tf.round(tf.mul(tf.tensor(numbersOf(size, 1), [...shape]), 2)));
          const attributes = {
            ksize: [1, ...filter, 1],
            strides: [1, ...strides, 1],
            padding: pad.toUpperCase(),
            data_format: 'NHWC',
          };
          const y = runNative(tf, 'MaxPool', [x], attributes);
          const dy = tf.tensor(numbersOf(y.size, 2), y.shape);
          const pool = (input: Tensor): Tensor =>
            tf.maxPool(input as Tensor4D, [...filter], [...strides], pad);
          expect(pool(x).dataSync()).toEqual(y.dataSync());
          const dx = runNative(tf, 'MaxPoolGrad', [x, y, dy], attributes).dataSync();
          expect(tf.grad(pool)(x, dy).dataSync()).toEqual(dx);
          // Not the function of the module, but the kernel that it runs.
          const chained = tf.grad((input: Tensor) => input.maxPool([...filter], [...strides], pad));
          expect(chained(x, dy).dataSync()).toEqual(dx);
        });
      });
    }

    test('is left to TensorFlow where oneDNN is switched off, with the same bits', () => {
      installGradients(backend());
      const { tf } = backend();
      const bits = tf.tidy(() => {
        const x = tf.tensor4d(numbersOf(4 * 8 * 8 * 3, 1), [4, 8, 8, 3]);
        return tf
          .grad((input: Tensor) => tf.maxPool(input as Tensor4D, 2, 2, 'valid'))(x)
          .dataSync();
      });
      const program = new URL('pool-in-a-process.ts', import.meta.url).pathname;
      const env = { ...process.env, TF_ENABLE_ONEDNN_OPTS: '0' };
      const other = execFileSync(process.execPath, [program], { env, encoding: 'utf8' });
      expect(other.trim().split('\n').at(-1)).toBe(
        `MaxPoolGrad ${createHash('sha256').update(bits).digest('hex')}`,
      );
    });
  });
});

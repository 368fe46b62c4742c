import type { Tensor } from '@tensorflow/tfjs';
import { describe, expect } from 'vitest';
import { addBias } from '../../src/gradients/bias-add.ts';
import { installGradients } from '../../src/gradients/install.ts';
import { numbersOf } from '../support/numbers.ts';
import { relativeDifference } from '../support/training.ts';
import { describeEachBackend } from './each-backend.ts';
import { allBackends, gradientSuite, type NamedCase } from './gradient-suite.ts';

const shapes: readonly number[][] = [
  [3, 4],
  [2, 3, 4],
  [2, 3, 2, 5],
];

gradientSuite(
  'the gradient of a bias is right',
  shapes.map((shape): NamedCase => ({
    name: `after [${shape.join(', ')}]`,
    make: (tf) => {
      const size = shape.reduce((product, dimension) => product * dimension);
      const bias = tf.tensor1d(numbersOf(shape.at(-1), 2));
      return {
        inputs: [tf.tensor(numbersOf(size, 1), shape), bias],
        compute: (...inputs) => addBias(tf, inputs[0] as Tensor, inputs[1] as Tensor),
      };
    },
  })),
);

describe('adding a bias', () => {
  describeEachBackend(allBackends, ({ backend, test }) => {
    test('has the bits of a sum, for any number of dimensions', () => {
      installGradients(backend());
      const { tf } = backend();
      tf.tidy(() => {
        for (const shape of [[4], [3, 4], [2, 3, 4], [2, 2, 3, 4]]) {
          const size = shape.reduce((product, dimension) => product * dimension);
          const value = tf.tensor(numbersOf(size, 1), shape);
          const bias = tf.tensor1d(numbersOf(4, 2));
          expect(addBias(tf, value, bias).dataSync()).toEqual(tf.add(value, bias).dataSync());
        }
      });
    });

    test('has a second derivative', () => {
      installGradients(backend());
      const { tf } = backend();
      tf.tidy(() => {
        const value = tf.tensor2d(numbersOf(6, 1), [2, 3]);
        const bias = tf.tensor1d(numbersOf(3, 2));
        // The gradient by the bias of sum((v + b)^3) is sum over rows of 3 (v + b)^2; that one's by v, 6 (v + b).
        const byBias = (v: Tensor): Tensor =>
          tf.grad((b: Tensor) => tf.sum(tf.pow(addBias(tf, v, b), 3)))(bias);
        const second = tf.grad((v: Tensor) => tf.sum(byBias(v)))(value);
        const wanted = tf.mul(6, tf.add(value, bias)).dataSync();
        expect(relativeDifference(second.dataSync(), wanted)).toBeLessThan(1e-4);
      });
    });
  });
});

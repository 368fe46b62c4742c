import { expect, test } from 'vitest';

import { openBackend } from '../../src/backend/backend.ts';
import { createTensor, gradientError, relativeError } from './finite-differences.ts';

const { tf } = await openBackend('cpu', { threads: 1 });

test('a right gradient has next to no error', () => {
  const inputs = [createTensor(tf, [3, 2], 1), createTensor(tf, [2], 2)];
  expect(gradientError(tf, { inputs, compute: (x, y) => tf.exp(tf.mul(x, y)) })).toBeLessThan(
    0.001,
  );
});

test('a gradient that is wrong in one element is seen', () => {
  const wrong = tf.customGrad((x) => ({
    value: tf.square(x as never),
    gradFunc: (dy) => tf.mul(tf.mul(dy as never, x as never), tf.tensor1d([2, 2, 1.9])),
  }));
  const inputs = [tf.tensor1d([0.5, -1, 1])];
  expect(gradientError(tf, { inputs, compute: (x) => wrong(x) })).toBeGreaterThan(0.01);
});

test('numbers that are not there, or not numbers, are the largest of errors', () => {
  expect(relativeError([1], [1, 2])).toBe(Infinity);
  expect(relativeError([NaN, 2], [1, 2])).toBe(Infinity);
  expect(relativeError([1, 3], [1, 2])).toBe(0.5);
});

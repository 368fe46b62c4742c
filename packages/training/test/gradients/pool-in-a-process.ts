/** Prints which of TensorFlow's operations make the gradient of max pooling, and the hash of one. */
import { createHash } from 'node:crypto';
import type { Tensor, Tensor4D } from '@tensorflow/tfjs';
import { openBackend } from '../../src/backend/backend.ts';
import { numbersOf } from '../support/numbers.ts';

const { tf } = await openBackend('tensorflow', { threads: 1 });
const names: string[] = [];
const backend = tf.backend() as unknown as Record<string, (...call: readonly unknown[]) => unknown>;
for (const method of ['executeSingleOutput', 'executeMultipleOutputs']) {
  const execute = backend[method];
  backend[method] = (name, ...rest) => {
    if (String(name).includes('MaxPoolGrad')) names.push(String(name));
    return execute?.call(backend, name, ...rest);
  };
}
const x = tf.tensor4d(numbersOf(4 * 8 * 8 * 3, 1), [4, 8, 8, 3]);
const gradient = tf
  .grad((input: Tensor) => tf.maxPool(input as Tensor4D, 2, 2, 'valid'))(x)
  .dataSync();
process.stdout.write(`${names.join()} ${createHash('sha256').update(gradient).digest('hex')}\n`);

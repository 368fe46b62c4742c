import type { Tensor } from '@tensorflow/tfjs';
import { describe, expect, it } from 'vitest';
import { installGradients } from '../../src/gradients/install.ts';
import { logitsOf } from '../../src/gradients/softmax.ts';
import { createLoss } from '../../src/losses/registry.ts';
import { describeEachBackend } from '../gradients/each-backend.ts';
import { cpuBackend } from '../support/backend.ts';
import { numbersOf } from '../support/numbers.ts';
import { relativeDifference } from '../support/training.ts';

/** Loss and gradient in plain JavaScript: -sum(y log(softmax(z))) and softmax(z) sum(y) - y, row by row. */
function closedForm(logits: readonly number[][], labels: readonly number[][]) {
  const rows = logits.map((row, index) => {
    const y = labels[index] ?? [];
    const top = Math.max(...row);
    const total = row.reduce((sum, value) => sum + Math.exp(value - top), 0);
    const logarithms = row.map((value) => value - top - Math.log(total));
    const mass = y.reduce((sum, value) => sum + value, 0);
    return {
      loss: -logarithms.reduce((sum, value, i) => sum + value * (y[i] ?? 0), 0),
      gradient: logarithms.map((value, i) => Math.exp(value) * mass - (y[i] ?? 0)),
    };
  });
  return {
    losses: rows.map(({ loss }) => loss),
    gradient: rows.flatMap(({ gradient }) => gradient),
  };
}

const rowsOf = (values: ArrayLike<number>, width: number): number[][] =>
  Array.from({ length: values.length / width }, (_, row) =>
    Array.from({ length: width }, (__, i) => values[row * width + i] ?? 0),
  );

describeEachBackend(['tensorflow', 'wasm', 'cpu'], ({ backend, test }) => {
  /** Per-example losses, and the gradient of their sum by the logits, through a softmax. */
  const throughSoftmax = (name: string, logits: Tensor, labels: Tensor) => {
    installGradients(backend());
    const { tf } = backend();
    const loss = createLoss(name);
    let losses: number[] = [];
    const gradient = tf
      .grad((z) => {
        const values = loss.values(tf, labels, tf.softmax(z));
        losses = Array.from(values.dataSync());
        return tf.sum(values);
      })(logits)
      .dataSync<'float32'>();
    return { losses, gradient };
  };

  test('has the value and the gradient of the closed form', () => {
    const { tf } = backend();
    for (const shape of [
      [6, 5],
      [2, 3, 5],
    ])
      tf.tidy(() => {
        const logits = tf.tensor(numbersOf(30, 1), shape).mul(4);
        // Neither one-hot nor summing to 1.
        const labels = tf.abs(tf.tensor(numbersOf(30, 2), shape));
        const found = throughSoftmax('categoricalCrossentropy', logits, labels);
        const wanted = closedForm(rowsOf(logits.dataSync(), 5), rowsOf(labels.dataSync(), 5));
        expect(relativeDifference(found.losses, wanted.losses)).toBeLessThan(1e-5);
        expect(relativeDifference(found.gradient, wanted.gradient)).toBeLessThan(1e-5);
      });
  });

  test('learns from an example whose probability rounds to zero', () => {
    const { tf } = backend();
    tf.tidy(() => {
      const logits = tf.tensor2d([[300, -300, 0]]);
      const found = throughSoftmax('categoricalCrossentropy', logits, tf.tensor2d([[0, 1, 0]]));
      expect(found.losses).toEqual([600]);
      expect(Array.from(found.gradient)).toEqual([1, -1, 0]);
    });
  });

  test('is the same with class numbers', () => {
    const { tf } = backend();
    tf.tidy(() => {
      const logits = tf.tensor2d(numbersOf(12, 3), [4, 3]);
      const classes = tf.tensor2d([[2], [0], [1], [2]]);
      const oneHot = tf.tensor2d([
        [0, 0, 1],
        [1, 0, 0],
        [0, 1, 0],
        [0, 0, 1],
      ]);
      expect(throughSoftmax('sparseCategoricalCrossentropy', logits, classes)).toEqual(
        throughSoftmax('categoricalCrossentropy', logits, oneHot),
      );
    });
  });
});

describe('the logits of probabilities', () => {
  it('are known only on the tape, and only of what the softmax itself has made', async () => {
    const { tf } = await cpuBackend();
    tf.tidy(() => {
      expect(logitsOf(tf, tf.softmax(tf.tensor1d([1, 2])))).toBeUndefined();
      tf.grad((z) => {
        const probabilities = tf.softmax(z);
        expect(logitsOf(tf, probabilities)?.dataSync()).toEqual(z.dataSync());
        expect(logitsOf(tf, tf.mul(probabilities, 1))).toBeUndefined();
        expect(logitsOf(tf, z)).toBeUndefined();
        return tf.sum(probabilities);
      })(tf.tensor1d([1, 2]));
    });
  });

  it('leave no tensor behind', async () => {
    const { tf } = await cpuBackend();
    const before = tf.memory().numTensors;
    const loss = createLoss('categoricalCrossentropy');
    tf.tidy(() => {
      const labels = tf.tensor2d([[0, 1]]);
      tf.grad((z) => tf.sum(loss.values(tf, labels, tf.softmax(z))))(tf.tensor2d([[1, 2]]));
    });
    expect(tf.memory().numTensors).toBe(before);
  });
});

import type { Tensor } from '@tensorflow/tfjs';
import { beforeAll, describe, expect, it } from 'vitest';
import type { TensorFlow } from '../../src/backend/interface.ts';
import { createLoss } from '../../src/losses/registry.ts';
import { createMetric } from '../../src/metrics/registry.ts';
import type { MetricContext } from '../../src/metrics/registry.ts';
import { sumOverExamples } from '../../src/sum-over-examples.ts';
import { cpuBackend } from '../support/backend.ts';

let tf: TensorFlow;
beforeAll(async () => {
  ({ tf } = await cpuBackend());
});

/** Count of a metric over predictions, and the mean that tfjs's metric of that name gives. */
function count(name: string, context: MetricContext, tensors: { y: Tensor; p: Tensor }): number {
  return tf.tidy(() => {
    const [metric] = createMetric(name, context);
    const values = metric?.values(tf, tensors.y, tensors.p) ?? tf.scalar(NaN);
    const [sum = Number.NaN] = sumOverExamples(tf, values, tensors.y.shape[0]).dataSync();
    return sum;
  });
}

const probabilities = [
  [0.7, 0.2, 0.1],
  [0.1, 0.1, 0.8],
  [0.3, 0.4, 0.3],
  [0.2, 0.5, 0.3],
  [0.6, 0.1, 0.3],
];

describe('accuracy', () => {
  it('counts the examples whose largest output is the label: one-hot labels', () => {
    const y = tf.tensor2d([
      [1, 0, 0],
      [0, 1, 0],
      [0, 1, 0],
      [0, 1, 0],
      [0, 0, 1],
    ]);
    const p = tf.tensor2d(probabilities);
    const context = { loss: createLoss('categoricalCrossentropy'), width: 3 };
    expect(count('accuracy', context, { y, p })).toBe(3);
    expect(Array.from(tf.metrics.categoricalAccuracy(y, p).dataSync())).toEqual([1, 0, 1, 1, 0]);
  });

  it('takes class numbers when the loss does', () => {
    const y = tf.tensor2d([[0], [1], [1], [1], [2]]);
    const p = tf.tensor2d(probabilities);
    const context = { loss: createLoss('sparseCategoricalCrossentropy'), width: 3 };
    expect(count('accuracy', context, { y, p })).toBe(3);
    expect(count('accuracy', context, { y: tf.tensor1d([0, 1, 1, 1, 2]), p })).toBe(3);
  });

  it('is binary for a single output, and for binary cross-entropy the mean over the outputs', () => {
    const single = { y: tf.tensor2d([[1], [0], [1]]), p: tf.tensor2d([[0.6], [0.5], [0.2]]) };
    expect(count('accuracy', { width: 1 }, single)).toBe(2);
    const double = {
      y: tf.tensor2d([
        [1, 0],
        [1, 1],
      ]),
      p: tf.tensor2d([
        [0.6, 0.7],
        [0.9, 0.8],
      ]),
    };
    expect(count('accuracy', { loss: createLoss('binaryCrossentropy'), width: 2 }, double)).toBe(
      1.5,
    );
    expect(Array.from(tf.metrics.binaryAccuracy(double.y, double.p).dataSync())).toEqual([0.5, 1]);
  });

  it('is an exact count even where the mean would round', () => {
    const y = tf.ones([7, 2]);
    const p = tf.concat([tf.ones([5, 2]), tf.zeros([2, 2])]);
    expect(count('binaryAccuracy', { width: 2 }, { y, p })).toBe(5);
  });
});

describe('a metric', () => {
  it('may be any loss', () => {
    const tensors = {
      y: tf.tensor2d([
        [1, 2],
        [3, 4],
      ]),
      p: tf.tensor2d([
        [2, 2],
        [3, 2],
      ]),
    };
    expect(count('mae', {}, tensors)).toBe(1.5);
    expect(count('mean_squared_error', {}, tensors)).toBe(2.5);
  });

  it('has every name that compile() of tfjs takes, and every one of tf.metrics', () => {
    const compiled =
      'accuracy acc crossentropy ce binaryAccuracy categoricalAccuracy precision categoricalCrossentropy ' +
      'sparseCategoricalCrossentropy mse MSE mae MAE mape MAPE cosine';
    for (const name of [...compiled.split(' '), ...Object.keys(tf.metrics)]) {
      expect(createMetric(name, { width: 3 }).map((sum) => sum.name.split(':')[0])).toContain(name);
    }
  });

  it('of several values per example counts their mean', () => {
    const tensors = {
      y: tf.zeros([2, 3, 1]),
      p: tf.tensor3d([
        [[1], [2], [3]],
        [[4], [5], [6]],
      ]),
    };
    expect(count('mae', {}, tensors)).toBe(7);
  });

  it('that is none is refused with the nearest name', () => {
    expect(() => createMetric('acuracy', {})).toThrow(/did you mean "accuracy"/);
  });
});

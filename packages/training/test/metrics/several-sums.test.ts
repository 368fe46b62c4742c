import type { Tensor } from '@tensorflow/tfjs';
import { describe, expect } from 'vitest';
import type { TensorFlow } from '../../src/backend/interface.ts';
import { createMetric } from '../../src/metrics/registry.ts';
import { sumOverExamples } from '../../src/sum-over-examples.ts';
import { describeEachBackend } from '../gradients/each-backend.ts';
import { numbersOf } from '../support/numbers.ts';

/** Blocks of labels and predictions as an evaluation has them, the last one smaller. */
const blockSizes = [4, 4, 3];

/** The value of a metric over all examples, from sums over blocks. */
function fromBlocks(tf: TensorFlow, name: string, { y, p }: { y: Tensor; p: Tensor }): number {
  const metric = createMetric(name, { width: y.shape.at(-1) });
  const sums = new Float32Array(metric.length);
  let first = 0;
  for (const examples of blockSizes) {
    const [labels, predictions] = [y, p].map((all) => all.slice(first, examples)) as [
      Tensor,
      Tensor,
    ];
    metric.forEach((sum, i) => {
      const values = sumOverExamples(tf, sum.values(tf, labels, predictions), examples);
      sums[i] = (sums[i] ?? 0) + (values.dataSync()[0] ?? NaN);
    });
    first += examples;
  }
  return finished(metric.map(({ name: sum }, i) => [sum, sums[i] ?? NaN] as const));
}

/** What the protocol makes of such sums; a test over both packages compares. */
function finished(sums: readonly (readonly [string, number])[]): number {
  const of = (part: string): number => sums.find(([name]) => name.endsWith(part))?.[1] ?? NaN;
  if (sums[0]?.[0].includes(':ratio:') === true) {
    return of(':ratio:whole') === 0 ? 0 : of(':ratio:part') / of(':ratio:whole');
  }
  const spread = of(':r2:squares') - of(':r2:values') ** 2 / of(':r2:count');
  return 1 - of(':r2:residuals') / spread;
}

describe('a metric of several sums', () => {
  describeEachBackend(['cpu', 'wasm', 'tensorflow'], ({ backend, test }) => {
    const rare = (): { y: Tensor; p: Tensor } => {
      const { tf } = backend();
      // The positives lie in one block: a mean of the blocks' own values would be far off.
      const y = tf.tensor2d([1, 1, 0, 1, 0, 0, 0, 0, 0, 0, 1], [11, 1]);
      const p = tf.tensor2d([0.9, 0.8, 0.7, 0.2, 0.1, 0.6, 0.1, 0.2, 0.3, 0.4, 0.5], [11, 1]);
      return { y, p };
    };

    test('precision is that of all examples, as by hand and as in tfjs', () => {
      const { tf } = backend();
      tf.tidy(() => {
        const { y, p } = rare();
        // Found: 0.9, 0.8, 0.7, 0.6, of which the first two are right.
        expect(fromBlocks(tf, 'precision', { y, p })).toBe(0.5);
        const decided = tf.cast(tf.greater(p, 0.5), 'float32');
        expect(tf.metrics.precision(y, decided).dataSync()[0]).toBe(0.5);
        expect(fromBlocks(tf, 'precision', { y, p: decided })).toBe(0.5);
      });
    });

    test('recall is that of all examples, as by hand and as in tfjs', () => {
      const { tf } = backend();
      tf.tidy(() => {
        const { y, p } = rare();
        // Two of the four that are 1 are above one half.
        expect(fromBlocks(tf, 'recall', { y, p })).toBe(0.5);
        const decided = tf.cast(tf.greater(p, 0.5), 'float32');
        expect(tf.metrics.recall(y, decided).dataSync()[0]).toBe(0.5);
      });
    });

    test('precision and recall count each number of an output, and are 0 where nothing is found', () => {
      const { tf } = backend();
      tf.tidy(() => {
        const y = tf.cast(tf.greater(tf.tensor2d(numbersOf(33, 1), [11, 3]), 0), 'float32');
        const p = tf.abs(tf.tensor2d(numbersOf(33, 2), [11, 3]));
        const decided = tf.cast(tf.greater(p, 0.5), 'float32');
        for (const name of ['precision', 'recall'] as const) {
          const theirs = tf.metrics[name](y, decided).dataSync()[0] ?? NaN;
          expect(Math.fround(fromBlocks(tf, name, { y, p }))).toBe(theirs);
          expect(fromBlocks(tf, name, { y: tf.zerosLike(y), p: tf.zerosLike(p) })).toBe(0);
        }
      });
    });

    test('r2Score is that of all examples, as in tfjs, also far from 0', () => {
      const { tf } = backend();
      tf.tidy(() => {
        const y = tf.tensor2d(numbersOf(22, 3), [11, 2]);
        const p = tf.add(y, tf.mul(0.3, tf.tensor2d(numbersOf(22, 4), [11, 2])));
        const theirs = tf.metrics.r2Score(y, p).dataSync()[0] ?? NaN;
        expect(fromBlocks(tf, 'r2Score', { y, p })).toBeCloseTo(theirs, 5);
        const far = {
          y: tf.add(tf.round(tf.mul(y, 100)), 100_000),
          p: tf.add(tf.round(tf.mul(p, 100)), 100_000),
        };
        const near = { y: tf.sub(far.y, 100_000), p: tf.sub(far.p, 100_000) };
        expect(fromBlocks(tf, 'r2Score', far)).toBeCloseTo(fromBlocks(tf, 'r2Score', near), 5);
      });
    });

    test('refuses labels of another shape than the predictions', () => {
      const { tf } = backend();
      tf.tidy(() => {
        const tensors = { y: tf.zeros([11, 1]), p: tf.zeros([11, 3]) };
        for (const name of ['precision', 'recall', 'r2Score']) {
          expect(() => fromBlocks(tf, name, tensors)).toThrow(
            /compares labels and predictions of one shape; the labels are \[4, 1\], the predictions \[4, 3\]/,
          );
        }
      });
    });

    test('top-k accuracy counts the examples whose class is among the five most probable', () => {
      const { tf } = backend();
      tf.tidy(() => {
        const p = tf.tensor2d([
          [0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7],
          [0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7],
          [0.7, 0.6, 0.5, 0.4, 0.3, 0.2, 0.2],
          [NaN, 0.6, 0.5, 0.4, 0.3, 0.2, 0.2],
        ]);
        // Fifth largest; sixth; as large as the sixth; not a number.
        const classes = [2, 1, 6, 1];
        const expected = [1, 0, 0, 0];
        const of = (name: string, y: Tensor): number[] => {
          const [metric] = createMetric(name, {});
          return Array.from(metric?.values(tf, y, p).dataSync() ?? []);
        };
        expect(of('topKCategoricalAccuracy', tf.oneHot(classes, 7))).toEqual(expected);
        expect(of('sparseTopKCategoricalAccuracy', tf.tensor1d(classes))).toEqual(expected);
        expect(of('sparse_top_k_categorical_accuracy', tf.tensor2d(classes, [4, 1]))).toEqual(
          expected,
        );
        const narrow = createMetric('topKCategoricalAccuracy', {})[0];
        const all = narrow?.values(tf, tf.oneHot([0, 1, 2, 0], 3), p.slice([0, 0], [4, 3]));
        expect(Array.from(all?.dataSync() ?? [])).toEqual([1, 1, 1, 0]);
      });
    });
  });
});

import * as protocol from '@paceline/protocol';
import * as training from '@paceline/training';
import type { TensorFlow } from '@paceline/training';
import { expect, it } from 'vitest';

import { arrays, defineJob } from '../src/index.ts';
import { sumInTree } from '../src/sum-in-tree.ts';

it('are the same names for whoever checks a job and whoever computes it', () => {
  expect(new Set(training.metricNames)).toEqual(new Set(protocol.metricNames));
  expect(new Set(training.lossNames)).toEqual(new Set(protocol.lossNames));
});

it('over blocks of a test split are those of tfjs over the whole split in one go', async () => {
  const count = 23;
  const x = Array.from({ length: count }, (_, i) => [Math.sin(i), Math.cos(3 * i)]);
  // Sorted: the blocks have very different shares of ones.
  const y = Array.from({ length: count }, (_, i) => [i < 6 || i === 20 ? 1 : 0]);
  const names = ['precision', 'recall', 'r2Score'] as const;
  const definition = defineJob({
    model: (tf: TensorFlow) =>
      tf.sequential({
        layers: [tf.layers.dense({ units: 1, activation: 'sigmoid', inputShape: [2] })],
      }),
    loss: 'binaryCrossentropy',
    metrics: [...names, 'acc'],
    data: arrays({ train: { x, y }, test: { x, y } }),
  });
  const backend = await training.openBackend('cpu', { threads: 1 });
  const prepared = await training.prepareJob(backend, protocol.parseJob(definition));
  expect(prepared.scalars).toEqual([
    'weight',
    'loss',
    'precision:ratio:part',
    'precision:ratio:whole',
    'recall:ratio:part',
    'recall:ratio:whole',
    'r2Score:r2:residuals',
    'r2Score:r2:values',
    'r2Score:r2:squares',
    'r2Score:r2:count',
    'accuracy',
  ]);
  const kernel = prepared.initialParameters().subarray(prepared.scalars.length);
  const blocks = [0, 8, 16].map((first) =>
    prepared.evaluate(
      Uint32Array.from({ length: Math.min(8, count - first) }, (_, i) => first + i),
    ),
  );
  const { metrics } = protocol.summarise(prepared.scalars, sumInTree(blocks));

  const { tf } = backend;
  tf.tidy(() => {
    const labels = tf.tensor2d(y);
    const weights = tf.tensor2d(kernel.slice(0, 2), [2, 1]);
    const p = tf.sigmoid(tf.add(tf.matMul(tf.tensor2d(x), weights), kernel[2] ?? 0));
    const decided = tf.cast(tf.greater(p, 0.5), 'float32');
    const wholes = {
      precision: tf.metrics.precision(labels, decided),
      recall: tf.metrics.recall(labels, decided),
      r2Score: tf.metrics.r2Score(labels, p),
    };
    for (const name of names) {
      expect(metrics[name]).toBeCloseTo(wholes[name].dataSync()[0] ?? NaN, 6);
    }
  });
  prepared.dispose();
});

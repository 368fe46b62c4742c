import { arrays, defineJob } from 'paceline';
import type { JobDefinition } from 'paceline';

/** In what a worker's copy of the job may differ from the run's. */
export interface Variation {
  readonly activation?: 'relu' | 'tanh';
  readonly learningRate?: number;
}

const features = 6;
const classes = 3;

/**
 * A 6-8-3 perceptron on 22 examples: a step takes about a millisecond, and the last batch of an epoch has 6 examples
 * instead of 8.
 */
export function smallJob({
  activation = 'relu',
  learningRate = 0.1,
}: Variation = {}): JobDefinition {
  return defineJob({
    name: 'small',
    model: (tf) =>
      tf.sequential({
        layers: [
          tf.layers.dense({ inputShape: [features], units: 8, activation }),
          tf.layers.dense({ units: classes, activation: 'softmax' }),
        ],
      }),
    loss: 'categoricalCrossentropy',
    metrics: ['accuracy'],
    data: arrays({ train: split(22, 0), test: split(12, 22) }),
    optimizer: { type: 'sgd', learningRate, momentum: 0.9 },
    batchSize: 8,
    microbatches: 4,
    until: { epochs: 4 },
    evaluation: { batchSize: 5 },
  });
}

function split(
  examples: number,
  first: number,
): { readonly x: number[][]; readonly y: number[][] } {
  const rows = Array.from({ length: examples }, (_, i) => first + i);
  return {
    x: rows.map((row) => Array.from({ length: features }, (_, i) => inputOf(row, i))),
    y: rows.map((row) => Array.from({ length: classes }, (_, i) => (i === row % classes ? 1 : 0))),
  };
}

/** Numbers in [-1, 1) that have something to do with the class of the row. */
function inputOf(row: number, i: number): number {
  return ((row * 7 + i * 5 + (row % classes) * i * 3) % 16) / 8 - 1;
}

import type { TensorFlow } from '@paceline/training';
import { describe, expect, it } from 'vitest';

import { arrays, defineJob, linear } from '../src/index.ts';

type Tensor = InstanceType<TensorFlow['Tensor']>;

interface NamedBatch {
  readonly x: { readonly left: Tensor; readonly right: Tensor };
  readonly y: Tensor;
}

// These jobs are checked by the compiler: that they are accepted as written is the test.
describe('defineJob', () => {
  it('takes a model with everything else left to its default', () => {
    const job = defineJob({
      model: (tf) => tf.sequential({ layers: [tf.layers.dense({ inputShape: [1], units: 1 })] }),
      loss: 'meanSquaredError',
      data: linear(),
    });
    expect(job.data.type).toBe('linear');
  });

  it('takes losses and metrics that are functions', () => {
    const job = defineJob({
      model: (tf) => tf.sequential(),
      loss: (tf, labels, predictions) => tf.losses.meanSquaredError(labels, predictions),
      metrics: ['accuracy', (_tf, labels, predictions) => predictions.sub(labels).abs()],
      data: arrays({ train: { x: [[1], [2]], y: Float32Array.of(2, 4) } }),
      optimizer: { type: 'sgd', learningRate: 0.1, momentum: 0.9, nesterov: true },
    });
    expect(job).toHaveProperty('loss');
  });

  it('takes the functional form', () => {
    const job = defineJob({
      parameters: { W: { shape: [1, 1], init: 'zeros' } },
      loss: (tf, { W }, { x, y }) => tf.losses.meanSquaredError(y, x.matMul(W)),
      data: linear(),
    });
    expect(job).toHaveProperty('parameters.W.shape', [1, 1]);
  });

  it('takes the functional form over several inputs, by name', () => {
    const job = defineJob({
      parameters: { a: { shape: [], init: 'zeros' } },
      loss: (_tf, { a }, { x, y }: NamedBatch) => x.left.add(x.right).mul(a).sub(y).square().mean(),
      data: arrays({ train: { x: { left: [1], right: [2] }, y: [3] } }),
    });
    expect(job.data.type).toBe('arrays');
  });
});

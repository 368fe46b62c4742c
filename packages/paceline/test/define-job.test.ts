import { describe, expect, it } from 'vitest';

import { arrays, defineJob, linear } from '../src/index.ts';

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
      loss: (labels, predictions) => predictions.sub(labels).square().mean(),
      metrics: ['accuracy', (labels, predictions) => predictions.sub(labels).abs()],
      data: arrays({ train: { x: [[1], [2]], y: Float32Array.of(2, 4) } }),
      optimizer: { type: 'sgd', learningRate: 0.1, momentum: 0.9, nesterov: true },
    });
    expect(job.loss).toBeTypeOf('function');
  });

  it('takes the functional form', () => {
    const job = defineJob({
      parameters: { W: { shape: [1, 1], init: 'zeros' } },
      loss: (tf, { W }, { x, y }) =>
        tf.losses.meanSquaredError(y as never, tf.matMul(x as never, W as never)),
      data: linear(),
    });
    expect(job).toHaveProperty('parameters.W.shape', [1, 1]);
  });
});

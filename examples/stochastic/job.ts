import { defineJob, linear } from 'paceline';

/**
 * Least squares by stochastic gradient descent: y = x W + b plus noise, 256 examples of eight features. A step takes 4
 * of them; an epoch has 64 steps. With batchSize 256 the whole data are the batch, and the same job is gradient
 * descent: one step an epoch.
 */
export default defineJob({
  name: 'stochastic',
  model: (tf) => tf.sequential({ layers: [tf.layers.dense({ inputShape: [8], units: 1 })] }),
  loss: 'meanSquaredError',
  data: linear({ examples: 256, testExamples: 256, features: 8, noise: 0.3 }),
  // One rate for both. It does not fall, so that what the small batches do not agree on stays to be seen.
  optimizer: { type: 'sgd', learningRate: 0.1 },
  batchSize: 4,
  microbatches: 2,
  until: { epochs: 100 },
});

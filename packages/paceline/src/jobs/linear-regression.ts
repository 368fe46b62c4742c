import { linear } from '../datasets.ts';
import { defineJob } from '../define-job.ts';
import type { JobDefinition } from '../define-job.ts';

/**
 * The smallest job that is a job: a 2-3 linear model, 9 parameters, on data that are linear but for a little
 * noise. A step is over in a millisecond; the loss ends near the variance of the noise, 0.01.
 */
export const linearRegression: JobDefinition = defineJob({
  name: 'linear-regression',
  model: (tf) => tf.sequential({ layers: [tf.layers.dense({ inputShape: [2], units: 3 })] }),
  loss: 'meanSquaredError',
  data: linear({ examples: 2048, testExamples: 256, features: 2, outputs: 3, noise: 0.1 }),
  optimizer: { type: 'sgd', learningRate: 0.1 },
  batchSize: 8,
  microbatches: 2,
  until: { epochs: 1 },
});

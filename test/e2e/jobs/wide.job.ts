import { defineJob, linear } from 'paceline';

/** A small perceptron on 16 numbers: what a worker needs of memory without data. */
export default defineJob({
  name: 'wide',
  model: (tf) =>
    tf.sequential({
      layers: [
        tf.layers.dense({ inputShape: [16], units: 32, activation: 'relu' }),
        tf.layers.dense({ units: 1 }),
      ],
    }),
  loss: 'meanSquaredError',
  data: linear({ examples: 65_536, testExamples: 0, features: 16 }),
  optimizer: { type: 'sgd', learningRate: 0.01 },
  batchSize: 4096,
  microbatches: 4,
  until: { epochs: 1 },
});

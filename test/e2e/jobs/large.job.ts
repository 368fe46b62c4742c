import { defineJob, mnist } from 'paceline';

/** 2.7 MiB in buckets of 256 KiB: gradients of the last layers are sent while those of the first are computed. */
export default defineJob({
  name: 'large',
  model: (tf) =>
    tf.sequential({
      layers: [
        tf.layers.dense({ inputShape: [784], units: 512, activation: 'relu' }),
        tf.layers.dense({ units: 512, activation: 'relu' }),
        tf.layers.dense({ units: 10, activation: 'softmax' }),
      ],
    }),
  loss: 'categoricalCrossentropy',
  data: mnist({ flatten: true }),
  optimizer: { type: 'sgd', learningRate: 0.05 },
  batchSize: 60,
  microbatches: 5,
  bucketBytes: 2 ** 18,
});

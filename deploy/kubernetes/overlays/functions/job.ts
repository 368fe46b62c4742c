import { defineJob, mnist } from 'paceline';

/** A model as a function, which cannot travel: server and workers read this file. */
export default defineJob({
  name: 'digits',
  model: (tf) =>
    tf.sequential({
      layers: [
        tf.layers.dense({ inputShape: [784], units: 128, activation: 'relu' }),
        tf.layers.dropout({ rate: 0.2 }),
        tf.layers.dense({ units: 10, activation: 'softmax' }),
      ],
    }),
  loss: 'categoricalCrossentropy',
  metrics: ['accuracy'],
  data: mnist({ flatten: true }),
  optimizer: { type: 'sgd', learningRate: 0.2, momentum: 0.9 },
  batchSize: 256,
  microbatches: 8,
  until: { epochs: 3 },
});

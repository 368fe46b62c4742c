import { defineJob, mnist } from 'paceline';

/** A perceptron with one hidden layer: 784-256-10, 203,530 parameters, and the pixels of an image as one row. */
export default defineJob({
  name: 'mnist-perceptron',
  model: (tf) =>
    tf.sequential({
      layers: [
        tf.layers.dense({ inputShape: [784], units: 256, activation: 'relu' }),
        tf.layers.dropout({ rate: 0.2 }),
        tf.layers.dense({ units: 10, activation: 'softmax' }),
      ],
    }),
  loss: 'categoricalCrossentropy',
  metrics: ['accuracy'],
  data: mnist({ flatten: true }),
  optimizer: { type: 'adam', learningRate: 0.003 },
  schedule: { type: 'cosine' },
  batchSize: 64,
  microbatches: 2,
  until: { epochs: 2 },
});

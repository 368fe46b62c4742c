import { defineJob, mnist } from 'paceline';

/** Everything that makes it hard to give the same bits: random masks, statistics of the batch, and weights that stay. */
export default defineJob({
  name: 'layers',
  model: (tf) =>
    tf.sequential({
      layers: [
        tf.layers.dense({ inputShape: [784], units: 24, trainable: false }),
        tf.layers.batchNormalization(),
        tf.layers.activation({ activation: 'relu' }),
        tf.layers.dropout({ rate: 0.3 }),
        tf.layers.dense({
          units: 10,
          activation: 'softmax',
          kernelRegularizer: tf.regularizers.l2({ l2: 0.001 }),
        }),
      ],
    }),
  loss: 'categoricalCrossentropy',
  metrics: ['accuracy'],
  data: mnist({ flatten: true }),
  optimizer: {
    type: 'sgd',
    learningRate: 0.1,
    momentum: 0.5,
    nesterov: true,
    weightDecay: 0.01,
    decoupledWeightDecay: true,
  },
  batchSize: 64,
  microbatches: 5,
  until: { epochs: 1 },
});

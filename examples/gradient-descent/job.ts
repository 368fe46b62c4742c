import { arrays, defineJob } from 'paceline';

/**
 * The first program of many textbooks: y = x W + b, W 2 x 3 from a normal distribution, b zero, and
 * W <- W - a dL/dW with L = 1/(2n) sum (y_i - y)^2 over all examples at once. The labels are one number an example: it stands for all
 * three outputs.
 */
export default defineJob({
  name: 'gradient-descent',
  model: (tf) =>
    tf.sequential({
      layers: [tf.layers.dense({ inputShape: [2], units: 3, kernelInitializer: 'randomNormal' })],
    }),
  loss: 'halfMeanSquaredError',
  data: arrays({
    train: {
      x: [
        [1, 2],
        [3, 4],
      ],
      y: [[1], [0]],
    },
  }),
  optimizer: { type: 'sgd', learningRate: 0.01 },
  // The whole data are the batch: gradient descent. With batchSize 1 it is stochastic.
  batchSize: 2,
  microbatches: 2,
  until: { steps: 1000 },
});

import { defineJob, mnist } from 'paceline';

/** Two convolutions, each with a pooling, then two dense layers: 56,714 parameters, a quarter of the perceptron's. */
export default defineJob({
  name: 'mnist-convolutions',
  model: (tf) =>
    tf.sequential({
      layers: [
        tf.layers.conv2d({
          inputShape: [28, 28, 1],
          filters: 16,
          kernelSize: 3,
          activation: 'relu',
        }),
        tf.layers.maxPooling2d({ poolSize: 2 }),
        tf.layers.conv2d({ filters: 32, kernelSize: 3, activation: 'relu' }),
        tf.layers.maxPooling2d({ poolSize: 2 }),
        tf.layers.flatten(),
        tf.layers.dense({ units: 64, activation: 'relu' }),
        tf.layers.dense({ units: 10, activation: 'softmax' }),
      ],
    }),
  loss: 'categoricalCrossentropy',
  metrics: ['accuracy'],
  data: mnist(),
  optimizer: { type: 'adam', learningRate: 0.003 },
  schedule: { type: 'cosine' },
  batchSize: 64,
  microbatches: 2,
  until: { epochs: 1 },
});

import { mnist } from '../datasets.ts';
import { defineJob } from '../define-job.ts';
import type { JobDefinition } from '../define-job.ts';

/**
 * A small convolutional network on MNIST: conv32-pool-conv64-pool-dense128-10, 225,034 parameters. About 99 %
 * of the test digits after two epochs.
 */
export const mnistCnn: JobDefinition = defineJob({
  name: 'mnist-cnn',
  model: (tf) =>
    tf.sequential({
      layers: [
        tf.layers.conv2d({
          inputShape: [28, 28, 1],
          filters: 32,
          kernelSize: 3,
          activation: 'relu',
        }),
        tf.layers.maxPooling2d({ poolSize: 2 }),
        tf.layers.conv2d({ filters: 64, kernelSize: 3, activation: 'relu' }),
        tf.layers.maxPooling2d({ poolSize: 2 }),
        tf.layers.flatten(),
        tf.layers.dense({ units: 128, activation: 'relu' }),
        tf.layers.dense({ units: 10, activation: 'softmax' }),
      ],
    }),
  loss: 'categoricalCrossentropy',
  metrics: ['accuracy'],
  data: mnist(),
  optimizer: { type: 'sgd', learningRate: 0.05, momentum: 0.9 },
  batchSize: 128,
  microbatches: 4,
  until: { epochs: 2 },
});

import { dataset, defineJob } from 'paceline';

import { fiveDigits } from './digits.ts';

/** What comes before: convolutions that tell the digits 0 to 4 apart, of which there are 30,596. */
export default defineJob({
  name: 'digits-0-to-4',
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
        tf.layers.flatten({ name: 'strokes' }),
        tf.layers.dense({ units: 5, activation: 'softmax' }),
      ],
    }),
  loss: 'sparseCategoricalCrossentropy',
  metrics: ['accuracy'],
  data: dataset({ train: fiveDigits('train', 0), test: fiveDigits('t10k', 0) }),
  optimizer: { type: 'sgd', learningRate: 0.05, momentum: 0.9 },
  batchSize: 128,
  microbatches: 4,
  until: { epochs: 1 },
});

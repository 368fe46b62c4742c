import { defineJob } from 'paceline';

import { declarations } from './text.ts';

/**
 * A language model of bytes: what comes next, from all that came before in the window, which an LSTM keeps in 128 numbers
 * (Hochreiter, Schmidhuber 1997; Karpathy: The Unreasonable Effectiveness of Recurrent Neural Networks, 2015).
 */
export default defineJob({
  name: 'character-lstm',
  model: (tf) =>
    tf.sequential({
      layers: [
        tf.layers.embedding({ inputDim: 256, outputDim: 32 }),
        tf.layers.lstm({ units: 128, returnSequences: true }),
        tf.layers.dense({ units: 256, activation: 'softmax' }),
      ],
    }),
  loss: 'sparseCategoricalCrossentropy',
  metrics: ['accuracy'],
  data: declarations,
  optimizer: { type: 'adam', learningRate: 0.005, clip: { globalNorm: 1 } },
  schedule: { type: 'cosine', warmupSteps: 20 },
  batchSize: 64,
  microbatches: 4,
  until: { epochs: 10 },
});

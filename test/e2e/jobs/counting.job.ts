import { arrays, defineJob } from 'paceline';

const examples = 20;
const oneHot = (i: number): number[] =>
  Array.from({ length: examples }, (_, column) => (column === i ? 1 : 0));
const all = Array.from({ length: examples }, (_, i) => i);

/**
 * A model whose weights count. Example i has input i alone, and its target is out of reach: the derivative of
 * |target - weight i| is -1 exactly. So a step that uses example i raises weight i by learningRate / examples of the
 * step = 8 / 8 (8 / 4 in the last step of an epoch) for each time that it does, and all of it is exact.
 */
export default defineJob({
  name: 'counting',
  model: (tf) =>
    tf.sequential({
      layers: [
        tf.layers.dense({
          inputShape: [examples],
          units: 1,
          useBias: false,
          kernelInitializer: 'zeros',
        }),
      ],
    }),
  loss: 'meanAbsoluteError',
  data: arrays({ train: { x: all.map(oneHot), y: all.map(() => [1_000_000]) } }),
  optimizer: { type: 'sgd', learningRate: 8 },
  batchSize: 8,
  microbatches: 4,
  until: { epochs: 1 },
});

import { arrays, defineJob } from 'paceline';

/** A bright row or column in an image of 6 x 6, moved and mirrored anew each time that it is read. */
function split(examples: number): { readonly x: number[][][][]; readonly y: number[] } {
  const image = (i: number): number[][][] =>
    Array.from({ length: 6 }, (_, row) =>
      Array.from({ length: 6 }, (__, column) => [
        (i % 2 === 0 ? row : column) === 2 + (i % 3) ? 1 : 0.125,
      ]),
    );
  const rows = Array.from({ length: examples }, (_, i) => i);
  return { x: rows.map(image), y: rows.map((i) => i % 2) };
}

export default defineJob({
  name: 'augmented',
  model: (tf) =>
    tf.sequential({
      layers: [
        tf.layers.conv2d({ inputShape: [6, 6, 1], filters: 4, kernelSize: 3, activation: 'relu' }),
        tf.layers.flatten(),
        tf.layers.dense({ units: 2, activation: 'softmax' }),
      ],
    }),
  loss: 'sparseCategoricalCrossentropy',
  metrics: ['accuracy'],
  data: arrays({
    train: split(22),
    test: split(12),
    augment: { crop: { padding: 1 }, flip: 'both', brightness: 0.25, contrast: 0.5, cutout: 2 },
  }),
  optimizer: { type: 'sgd', learningRate: 0.1 },
  batchSize: 8,
  microbatches: 4,
  until: { epochs: 4 },
});

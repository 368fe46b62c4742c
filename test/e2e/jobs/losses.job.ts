import { arrays, defineJob } from 'paceline';

const kinds = 3;

/** Points of three kinds; those of kind 2 are rare, and all of them come last. */
function split(count: number, first: number): ReturnType<typeof rows> {
  return rows(Array.from({ length: count }, (_, i) => ({ i: i + first, isRare: i > count - 5 })));
}

function rows(points: readonly { readonly i: number; readonly isRare: boolean }[]) {
  const kindOf = ({ i, isRare }: { i: number; isRare: boolean }): number => (isRare ? 2 : i % 2);
  return {
    x: points.map((point) => [0, 1, 2].map((axis) => Math.sin(7 * point.i + axis) + kindOf(point))),
    y: {
      kind: points.map((point) =>
        Array.from({ length: kinds }, (_, k) => Number(k === kindOf(point))),
      ),
      size: points.map(({ i }) => [Math.cos(i), i % 3]),
    },
    sampleWeight: { size: points.map(({ i }) => (i % 4) / 2) },
  };
}

/** Everything by which a loss can be weighted, and metrics that are no means. */
export default defineJob({
  name: 'losses',
  model: (tf) => {
    const input = tf.input({ shape: [3] });
    const regularised = { kernelRegularizer: tf.regularizers.l1l2({ l1: 0.001, l2: 0.01 }) };
    const hidden = tf.layers.dense({ units: 6, activation: 'tanh', ...regularised }).apply(input);
    const kind = tf.layers.dense({ units: kinds, activation: 'softmax', name: 'kind' });
    const size = tf.layers.dense({ units: 2, name: 'size' });
    return tf.model({ inputs: input, outputs: [kind.apply(hidden), size.apply(hidden)] as never });
  },
  loss: { kind: 'categoricalCrossentropy', size: 'halfMeanSquaredError' },
  lossWeights: { size: 0.25 },
  classWeight: { kind: { 0: 1, 1: 1, 2: 5 } },
  metrics: { kind: ['precision', 'recall'], size: 'r2Score' },
  data: arrays({ train: split(50, 0), test: split(40, 1000) }),
  optimizer: { type: 'sgd', learningRate: 0.2 },
  batchSize: 25,
  microbatches: 4,
  until: { epochs: 4 },
  evaluation: { batchSize: 12 },
});

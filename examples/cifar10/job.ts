import { cifar10, defineJob } from 'paceline';
import type { TensorFlow } from 'paceline';

/** A convolution whose outputs have mean 0 and variance 1 over a microbatch (Ioffe, Szegedy 2015), then half the size. */
const block = (tf: TensorFlow, filters: number, inputShape?: number[]) => [
  tf.layers.conv2d({
    ...(inputShape && { inputShape }),
    filters,
    kernelSize: 3,
    padding: 'same',
    // The offset of the normalisation is the bias.
    useBias: false,
    kernelInitializer: 'heNormal',
  }),
  tf.layers.batchNormalization({ momentum: 0.9 }),
  tf.layers.activation({ activation: 'relu' }),
  tf.layers.maxPooling2d({ poolSize: 2 }),
];

/** Ten kinds of things in 60,000 small pictures (Krizhevsky 2009), each seen a little different every time. */
export default defineJob({
  name: 'cifar10',
  model: (tf) =>
    tf.sequential({
      layers: [
        ...block(tf, 32, [32, 32, 3]),
        ...block(tf, 64),
        ...block(tf, 128),
        tf.layers.flatten(),
        tf.layers.dropout({ rate: 0.3 }),
        tf.layers.dense({ units: 10, activation: 'softmax' }),
      ],
    }),
  loss: 'categoricalCrossentropy',
  metrics: ['accuracy'],
  data: cifar10({ augment: { crop: { padding: 4 }, flip: 'horizontal' } }),
  optimizer: {
    type: 'sgd',
    learningRate: 0.01,
    momentum: 0.9,
    nesterov: true,
    weightDecay: 5e-4,
    groups: [{ match: ['*/gamma', '*/beta', '*/bias'], weightDecay: 0 }],
  },
  schedule: { type: 'one-cycle' },
  batchSize: 128,
  microbatches: 2,
  until: { epochs: 5 },
});

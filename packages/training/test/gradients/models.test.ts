import type { LayersModel, Tensor } from '@tensorflow/tfjs';
import { describe, expect, test } from 'vitest';

import { openBackend } from '../../src/backend/backend.ts';
import type { TensorFlow } from '../../src/backend/interface.ts';
import { describeEachBackend } from './each-backend.ts';
import { createNumbers, createTensor, relativeError } from './finite-differences.ts';

interface ModelCase {
  readonly name: string;
  readonly input: readonly number[];
  /** Inputs are whole numbers below this, as for an embedding. */
  readonly words?: number;
  build(tf: TensorFlow): LayersModel;
}

const models: readonly ModelCase[] = [
  {
    name: 'dense layers with relu and softmax',
    input: [7],
    build: ({ layers, sequential }) =>
      sequential({
        layers: [
          layers.dense({ units: 9, activation: 'relu', inputShape: [7] }),
          layers.layerNormalization(),
          layers.dense({ units: 3, activation: 'softmax' }),
        ],
      }),
  },
  {
    name: 'convolutions, one without a bias, with max pooling, padded, with strides',
    input: [11, 9, 2],
    build: ({ layers, sequential }) =>
      sequential({
        layers: [
          layers.conv2d({ filters: 3, kernelSize: 3, padding: 'same', inputShape: [11, 9, 2] }),
          layers.leakyReLU(),
          layers.maxPooling2d({ poolSize: 3, strides: 2, padding: 'same' }),
          layers.conv2d({ filters: 4, kernelSize: [2, 3], strides: 2, useBias: false }),
          layers.activation({ activation: 'tanh' }),
          layers.flatten(),
          layers.dense({ units: 2 }),
        ],
      }),
  },
  {
    name: 'separable and dilated convolutions, average pooling, batch normalisation',
    input: [8, 8, 2],
    build: ({ layers, sequential }) =>
      sequential({
        layers: [
          layers.separableConv2d({
            filters: 4,
            kernelSize: 3,
            // Its gradient would be zero but for rounding, because of the normalisation after it.
            useBias: false,
            inputShape: [8, 8, 2],
          }),
          layers.batchNormalization({ scale: false }),
          layers.conv2d({ filters: 3, kernelSize: 2, dilationRate: 2, padding: 'same' }),
          layers.batchNormalization({ center: false, axis: 1 }),
          layers.averagePooling2d({ poolSize: 3, strides: 2, padding: 'same' }),
          layers.depthwiseConv2d({ kernelSize: 2, depthMultiplier: 2 }),
          layers.globalAveragePooling2d({}),
        ],
      }),
  },
  {
    name: 'an autoencoder with up-sampling and transposed convolution',
    input: [6, 4, 1],
    build: ({ layers, sequential }) =>
      sequential({
        layers: [
          layers.conv2d({
            filters: 3,
            kernelSize: 3,
            strides: 2,
            padding: 'same',
            inputShape: [6, 4, 1],
          }),
          layers.upSampling2d({ size: [2, 3] }),
          layers.conv2dTranspose({ filters: 2, kernelSize: 3, strides: 2, padding: 'same' }),
          layers.upSampling2d({ size: [2, 2], interpolation: 'bilinear' }),
        ],
      }),
  },
  {
    name: 'convolutions in three dimensions',
    input: [4, 5, 4, 1],
    build: ({ layers, sequential }) =>
      sequential({
        layers: [
          layers.conv3d({ filters: 3, kernelSize: 2, padding: 'same', inputShape: [4, 5, 4, 1] }),
          layers.maxPooling3d({ poolSize: [2, 3, 2], strides: [2, 2, 2], padding: 'same' }),
          layers.averagePooling3d({ poolSize: [1, 2, 2], strides: [1, 1, 1], padding: 'same' }),
          layers.flatten(),
          layers.dense({ units: 2 }),
        ],
      }),
  },
  {
    name: 'an embedding with masking, an LSTM and a GRU',
    input: [5],
    words: 11,
    build: ({ layers, sequential }) =>
      sequential({
        layers: [
          layers.embedding({ inputDim: 11, outputDim: 4, inputLength: 5 }),
          layers.masking({ maskValue: 3 }),
          layers.bidirectional({
            layer: layers.lstm({ units: 3, returnSequences: true }),
            mergeMode: 'concat',
          }),
          layers.gru({ units: 3 }),
          layers.dense({ units: 2, activation: 'sigmoid' }),
        ],
      }),
  },
  {
    name: 'a one-dimensional convolution over words',
    input: [9],
    words: 6,
    build: ({ layers, sequential }) =>
      sequential({
        layers: [
          layers.embedding({ inputDim: 6, outputDim: 3, inputLength: 9 }),
          layers.conv1d({ filters: 4, kernelSize: 3, padding: 'same', activation: 'relu' }),
          layers.maxPooling1d({ poolSize: 2 }),
          layers.globalMaxPooling1d(),
          layers.dense({ units: 2 }),
        ],
      }),
  },
];

/** The gradients of a model whose weights do not depend on the backend, by the weights' names. */
function gradientsOf(tf: TensorFlow, { input, words, build }: ModelCase): number[][] {
  const model = build(tf);
  const next = createNumbers(5);
  model.setWeights(
    model.getWeights().map((weight) => {
      const values = Float32Array.from({ length: weight.size }, () => 0.5 * next() + 0.1);
      return tf.tensor(values, weight.shape);
    }),
  );
  const x = tf.tidy(() => {
    const values = createTensor(tf, [3, ...input], 7);
    if (words === undefined) return values;
    return tf.floor(tf.mul(tf.add(values, 1), words / 2));
  });
  const weights = tf.tidy(() => model.apply(x, { training: true }) as Tensor);
  const direction = createTensor(tf, weights.shape, 8);
  const gradients = tf.tidy(() => {
    const loss = () =>
      tf.sum<never>(tf.mul(model.apply(x, { training: true }) as Tensor, direction));
    const { grads } = tf.variableGrads(loss);
    return model.trainableWeights.map((weight) =>
      Array.from((grads[nameOf(weight)] as Tensor).dataSync()),
    );
  });
  tf.dispose([x, weights, direction]);
  model.dispose();
  return gradients;
}

function nameOf(weight: object): string {
  return (weight as { readonly val: { readonly name: string } }).val.name;
}

describe('the gradients of whole models are those of the cpu backend', () => {
  describeEachBackend(['wasm', 'tensorflow'], ({ name, backend, test }) => {
    for (const model of models) {
      test(model.name, async () => {
        const { tf } = await openBackend('cpu', { threads: 1 });
        const expected = gradientsOf(tf, model);
        await openBackend(name, { threads: 1 });
        const actual = gradientsOf(backend().tf, model);
        expect(actual.length).toBe(expected.length);
        expected.forEach((values, i) => {
          expect(relativeError(actual[i] ?? [], values)).toBeLessThan(0.001);
        });
      });
    }
  });
});

test('a convolution whose patches are too many to be in memory at once is right on wasm', async () => {
  const run = (tf: TensorFlow): number[][] => {
    const x = createTensor(tf, [3, 40, 44, 32], 1);
    const filter = createTensor(tf, [5, 5, 32, 2], 2);
    const [byX, byFilter] = tf.grads((input: Tensor, weights: Tensor) =>
      tf.sum(tf.square(tf.conv2d(input as never, weights as never, 1, 'same'))),
    )([x, filter]);
    return [byX, byFilter].map((gradient) => Array.from(gradient?.dataSync() ?? []));
  };
  const expected = run((await openBackend('cpu', { threads: 1 })).tf);
  const actual = run((await openBackend('wasm', { threads: 1 })).tf);
  expected.forEach((values, i) => {
    expect(relativeError(actual[i] ?? [], values)).toBeLessThan(0.0001);
  });
});

import { createRequire } from 'node:module';

import type { TensorFlow } from '@paceline/training';

/** TensorFlow.js as a user loads it: with its own backend and gradients, and nothing of the product's. */
export const tf: TensorFlow = createRequire(import.meta.url)('@tensorflow/tfjs') as TensorFlow;
// It would print that another backend is faster.
tf.env().set('IS_TEST', true);

export type Model = InstanceType<TensorFlow['LayersModel']>;
export type Tensor = InstanceType<TensorFlow['Tensor']>;
type Optimizer = Parameters<Model['compile']>[0]['optimizer'];

/** Two models of one kind with the same weights. */
export function twins(make: () => Model): readonly [Model, Model] {
  const [one, other] = [make(), make()];
  other.setWeights(one.getWeights());
  return [one, other];
}

/** The largest difference of a weight, relative to the largest weight of its tensor (at least 1). */
export function difference(one: Model, other: Model): number {
  const values = valuesOf(other);
  const differences = valuesOf(one).map((own, i) => {
    const size = own.reduce((most, value) => Math.max(most, Math.abs(value)), 1);
    const most = own.map((value, k) => Math.abs(value - (values[i]?.[k] ?? NaN)));
    return Math.max(...most) / size;
  });
  return Math.max(...differences);
}

function valuesOf(model: Model): readonly number[][] {
  return model.getWeights().map((weight) => Array.from(weight.dataSync()));
}

/** Iris: four measures, one of three kinds. */
export function irisModel(optimizer: Optimizer, loss = 'categoricalCrossentropy'): Model {
  const model = tf.sequential({
    layers: [
      tf.layers.dense({ inputShape: [4], units: 10, activation: 'sigmoid' }),
      tf.layers.dense({ units: 3, activation: 'softmax' }),
    ],
  });
  model.compile({ optimizer, loss, metrics: ['accuracy'] });
  return model;
}

/** Flowers that are no flowers: kinds that can be told apart. Labels as numbers, and one-hot. */
export function irisData(examples: number): { x: Tensor; y: Tensor; kinds: Tensor } {
  const kinds = tf.tensor1d(
    Array.from({ length: examples }, (_, i) => (i * 7) % 3),
    'int32',
  );
  const noise = tf.randomNormal([examples, 4], 0, 0.5, 'float32', 5);
  const y = tf.oneHot(kinds, 3).toFloat();
  const x = noise.add(
    y.matMul(
      tf.tensor2d([
        [1, 0, 2, 0],
        [0, 1, 0, 2],
        [2, 2, 0, 0],
      ]),
    ),
  );
  return { x, y, kinds };
}

/** Digits: convolution, pooling, batch normalisation. */
export function digitsModel(): Model {
  const model = tf.sequential({
    layers: [
      tf.layers.conv2d({ inputShape: [8, 8, 1], filters: 4, kernelSize: 3, activation: 'relu' }),
      tf.layers.maxPooling2d({ poolSize: 2 }),
      tf.layers.batchNormalization(),
      tf.layers.flatten(),
      tf.layers.dense({
        units: 5,
        activation: 'softmax',
        kernelRegularizer: tf.regularizers.l2({ l2: 0.01 }),
      }),
    ],
  });
  const loss = 'sparseCategoricalCrossentropy';
  model.compile({ optimizer: tf.train.sgd(0.05), loss, metrics: ['acc'] });
  return model;
}

/** A house has numbers and a place; its price is guessed, and whether it is sold. The place's layer stays as it is. */
export function housesModel(): Model {
  const numbers = tf.input({ shape: [6], name: 'numbers' });
  const place = tf.input({ shape: [1], name: 'place' });
  const embedded = tf.layers
    .embedding({ inputDim: 7, outputDim: 3, trainable: false })
    .apply(place);
  const flat = tf.layers.flatten().apply(embedded) as never;
  const hidden = tf.layers
    .dense({ units: 8, activation: 'tanh' })
    .apply(tf.layers.concatenate().apply([numbers, flat] as never));
  const price = tf.layers.dense({ units: 1, name: 'price' }).apply(hidden) as never;
  const sold = tf.layers
    .dense({ units: 1, activation: 'sigmoid', name: 'sold' })
    .apply(hidden) as never;
  const model = tf.model({ inputs: [numbers, place], outputs: [price, sold] });
  model.compile({
    optimizer: tf.train.momentum(0.02, 0.8, true),
    loss: { price: 'meanSquaredError', sold: 'binaryCrossentropy' },
    metrics: { price: 'mae', sold: 'accuracy' },
  });
  return model;
}

/** Sums of digits, letter by letter. */
export function additionModel(): Model {
  const model = tf.sequential({
    layers: [
      tf.layers.lstm({ units: 8, inputShape: [5, 12], recurrentInitializer: 'glorotNormal' }),
      tf.layers.repeatVector({ n: 3 }),
      tf.layers.lstm({ units: 8, returnSequences: true, recurrentInitializer: 'glorotNormal' }),
      tf.layers.timeDistributed({ layer: tf.layers.dense({ units: 12 }) }),
      tf.layers.activation({ activation: 'softmax' }),
    ],
  });
  model.compile({ optimizer: 'adam', loss: 'categoricalCrossentropy', metrics: ['accuracy'] });
  return model;
}

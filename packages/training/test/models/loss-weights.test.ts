import type { LayersModel, Scalar, Tensor } from '@tensorflow/tfjs';
import { expect } from 'vitest';
import type { TensorFlow } from '../../src/backend/interface.ts';
import type { TrainingFunctions, TrainingSettings } from '../../src/job.ts';
import { weightsInOrder } from '../../src/models/layer-tree.ts';
import { prepareJob } from '../../src/prepare-job.ts';
import type { PreparedJob } from '../../src/prepared-job.ts';
import { describeEachBackend } from '../gradients/each-backend.ts';
import { indicesOf, jobOf, leafOf, tensorOf } from '../support/jobs.ts';
import { numbersOf, oneHot, rowsOf } from '../support/numbers.ts';
import { summaryOf } from '../support/summary.ts';
import { relativeDifference, sgdStep, sumOfLeaves } from '../support/training.ts';
import { twinOf } from '../support/twin.ts';

const count = 12;
const learningRate = 0.3;
const x = rowsOf(numbersOf(count * 6, 3), 6);
const classes = [0, 1, 2, 2, 1, 0, 0, 1, 2, 0, 1, 2];
const perExample = Array.from(numbersOf(count, 5), (value) => Math.abs(value) * 3);
/** One step on the whole batch, in its order. */
const wholeBatch = { batchSize: count, epochs: 1, shuffle: false, verbose: 0 };
const classWeight = { 0: 1, 1: 5, 2: 0.25 };

const dense = (units: number, activation: 'softmax' | 'sigmoid') => (tf: TensorFlow) =>
  tf.sequential({
    layers: [
      tf.layers.dense({ units: 4, inputShape: [6], activation: 'tanh', name: 'hidden' }),
      tf.layers.dense({
        units,
        activation,
        name: 'out',
        kernelRegularizer: tf.regularizers.l2({ l2: 0.02 }),
      }),
    ],
  });

const twoOutputs = (tf: TensorFlow): LayersModel => {
  const input = tf.input({ shape: [6] });
  const hidden = tf.layers.dense({ units: 4, activation: 'tanh', name: 'hidden' }).apply(input);
  const kind = tf.layers.dense({ units: 3, activation: 'softmax', name: 'kind' }).apply(hidden);
  const sign = tf.layers.dense({ units: 1, activation: 'sigmoid', name: 'sign' }).apply(hidden);
  return tf.model({ inputs: input, outputs: [kind, sign] as never });
};
const signs = classes.map((value) => [value === 1 ? 1 : 0]);

const kinds = [
  {
    words: 'one-hot labels',
    build: dense(3, 'softmax'),
    loss: 'categoricalCrossentropy',
    y: oneHot(classes, 3),
    classWeight,
  },
  {
    words: 'class numbers',
    build: dense(3, 'softmax'),
    loss: 'sparseCategoricalCrossentropy',
    y: classes.map((value) => [value]),
    classWeight,
  },
  {
    words: 'labels of 0 and 1',
    build: dense(1, 'sigmoid'),
    loss: 'binaryCrossentropy',
    y: signs,
    classWeight: { 0: 0.5, 1: 3 },
  },
] as const;

describeEachBackend(['cpu', 'wasm', 'tensorflow'], ({ backend, test }) => {
  const prepare = (
    settings: Partial<TrainingSettings>,
    functions: TrainingFunctions,
  ): Promise<PreparedJob> =>
    prepareJob(backend(), jobOf({ batchSize: count, ...settings }, functions));

  /** Loss and weights after one step of SGD on the whole batch, cut into microbatches. */
  const stepOf = (job: PreparedJob, microbatches: number) => {
    const sum = sumOfLeaves(job, 0, { first: 0, count, microbatches });
    const flat = sgdStep(job, job.initialParameters(), { sum, learningRate });
    const { loss } = summaryOf(job, sum.slice(0, job.scalars.length));
    return { loss, flat };
  };

  const expectSameWeights = (job: PreparedJob, flat: Float32Array, model: LayersModel): void => {
    for (const weight of weightsInOrder(model)) {
      const ours = tensorOf(job, flat, weight.originalName);
      expect(relativeDifference(ours, weight.read().dataSync())).toBeLessThan(2e-5);
    }
  };

  for (const kind of kinds) {
    test(`class weights train as fit() of tfjs does on the whole batch: ${kind.words}`, async () => {
      const { tf } = backend();
      const data = { type: 'arrays', train: { x, y: kind.y } } as const;
      const settings = { loss: kind.loss, classWeight: kind.classWeight, data };
      const job = await prepare(settings, { model: kind.build });
      const model = twinOf(tf, job, kind.build);
      model.compile({ optimizer: tf.train.sgd(learningRate), loss: kind.loss });
      const { history } = await model.fit(tf.tensor2d(x), tf.tensor2d(kind.y), {
        classWeight: kind.classWeight,
        ...wholeBatch,
      });
      for (const microbatches of [1, 3, 5]) {
        const { loss, flat } = stepOf(job, microbatches);
        expect(loss).toBeCloseTo(Number(history['loss']?.[0]), 5);
        expectSameWeights(job, flat, model);
      }
      model.dispose();
      job.dispose();
    });
  }

  test('class weights are by output where there are several, as in fit() of tfjs', async () => {
    const { tf } = backend();
    const y = { kind: oneHot(classes, 3), sign: signs };
    const loss = { kind: 'categoricalCrossentropy', sign: 'binaryCrossentropy' };
    const weights = { kind: classWeight, sign: { 0: 0.5, 1: 3 } };
    const job = await prepare(
      { loss, classWeight: weights, data: { type: 'arrays', train: { x, y } } },
      { model: twoOutputs },
    );
    const model = twinOf(tf, job, twoOutputs);
    model.compile({ optimizer: tf.train.sgd(learningRate), loss });
    await model.fit(tf.tensor2d(x), [tf.tensor2d(y.kind), tf.tensor2d(y.sign)], {
      classWeight: weights,
      ...wholeBatch,
    });
    expectSameWeights(job, stepOf(job, 3).flat, model);
    model.dispose();
    job.dispose();
  });

  test('weights of examples multiply each loss; the mean is still over the examples', async () => {
    const { tf } = backend();
    const { build, loss, y } = kinds[0];
    const data = { type: 'arrays', train: { x, y, sampleWeight: perExample } } as const;
    const job = await prepare({ loss, data, classWeight }, { model: build });
    const model = twinOf(tf, job, build);
    const ofClasses = [1, 5, 0.25];
    const both = perExample.map((weight, i) => weight * (ofClasses[classes[i] ?? 0] ?? NaN));
    const kernel = weightsInOrder(model)
      .find(({ name }) => name.startsWith('out'))
      ?.read();
    const cost = (): Scalar => {
      const p = model.apply(tf.tensor2d(x), { training: true }) as Tensor;
      const each = tf.neg(tf.sum(tf.mul(tf.tensor2d(y), tf.log(p)), -1));
      const mean = tf.div(tf.sum(tf.mul(each, tf.tensor1d(both))), count);
      return tf.add(mean, tf.mul(0.02, tf.sum(tf.square(kernel ?? NaN))));
    };
    const value = tf.tidy(() => tf.train.sgd(learningRate).minimize(cost, true)?.dataSync()[0]);
    for (const microbatches of [1, 4]) {
      const { loss: found, flat } = stepOf(job, microbatches);
      expect(found).toBeCloseTo(value ?? NaN, 5);
      expectSameWeights(job, flat, model);
    }
    model.dispose();
    job.dispose();
  });

  test('an example of weight 2 counts as two, and one of weight 0 is there only for the divisor', async () => {
    const { build, loss, y } = kinds[0];
    const sampleWeight = [2, 0, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1];
    const data = { type: 'arrays', train: { x, y, sampleWeight } } as const;
    const job = await prepare({ loss, data }, { model: build });
    const twice = await prepare(
      { loss, data: { type: 'arrays', train: { x, y } } },
      { model: build },
    );
    const rest = [2, 3, 4, 5, 6, 7, 8, 9, 10, 11];
    const repeated = Uint32Array.of(0, 0, ...rest);
    const weightedLeaf = leafOf(job, { indices: indicesOf(0, count) });
    expect(relativeDifference(weightedLeaf, leafOf(twice, { indices: repeated }))).toBeLessThan(
      1e-5,
    );
    job.dispose();
    twice.dispose();
  });

  test('weights of a test split are in its loss; those of classes are not, as in evaluate() of tfjs', async () => {
    const { tf } = backend();
    const { build, loss, y } = kinds[0];
    const plain = { x, y };
    const weighted = { x, y, sampleWeight: perExample };
    const of = async (split: typeof plain): Promise<number> => {
      const data = { type: 'arrays', train: plain, test: split } as const;
      const job = await prepare({ loss, data, classWeight }, { model: build });
      const found = summaryOf(job, job.evaluate(indicesOf(0, count))).loss;
      const model = twinOf(tf, job, build);
      const p = model.predict(tf.tensor2d(x)) as Tensor;
      const weights =
        'sampleWeight' in split ? (split.sampleWeight as number[]) : classes.map(() => 1);
      const each = tf.metrics.categoricalCrossentropy(tf.tensor2d(y), p).dataSync();
      const sum = weights.reduce((total, weight, i) => total + weight * (each[i] ?? NaN), 0);
      expect(found).toBeCloseTo(sum / count, 5);
      model.dispose();
      job.dispose();
      return found;
    };
    expect(await of(weighted)).not.toBeCloseTo(await of(plain), 2);
  });

  test('losses of outputs are added with their weights: the gradient is the sum of theirs', async () => {
    const y = { kind: oneHot(classes, 3), sign: signs };
    const leafWith = async (
      lossWeights: TrainingSettings['lossWeights'],
    ): Promise<Float32Array> => {
      const job = await prepare(
        {
          loss: ['categoricalCrossentropy', 'binaryCrossentropy'],
          ...(lossWeights === undefined ? {} : { lossWeights }),
          data: { type: 'arrays', train: { x, y } },
        },
        { model: twoOutputs },
      );
      const leaf = leafOf(job, { indices: indicesOf(0, count) });
      job.dispose();
      return leaf.subarray(1);
    };
    const [kind, sign] = [await leafWith([1, 0]), await leafWith({ kind: 0 })];
    const expected = kind.map((value, i) => 0.3 * value + 2 * (sign[i] ?? NaN));
    expect(relativeDifference(await leafWith([0.3, 2]), expected)).toBeLessThan(1e-6);
    expect(await leafWith({ sign: 2, kind: 0.3 })).toEqual(await leafWith([0.3, 2]));
    expect(await leafWith(undefined)).toEqual(await leafWith([1, 1]));
  });

  test('no weight leaves a tensor behind', async () => {
    const { tf } = backend();
    const y = { kind: oneHot(classes, 3), sign: signs };
    const job = await prepare(
      {
        loss: ['categoricalCrossentropy', 'binaryCrossentropy'],
        lossWeights: [1, 2],
        classWeight: [classWeight, { 0: 1, 1: 2 }],
        metrics: ['precision', 'r2Score'],
        data: { type: 'arrays', train: { x, y, sampleWeight: perExample } },
      },
      { model: twoOutputs },
    );
    leafOf(job, {});
    const before = tf.memory().numTensors;
    for (let step = 0; step < 5; step += 1) leafOf(job, { step });
    expect(tf.memory().numTensors).toBe(before);
    job.dispose();
  });
});

import type { LayersModel, Tensor } from '@tensorflow/tfjs';
import { describe, expect, it } from 'vitest';
import type { TensorFlow } from '../../src/backend/interface.ts';
import { weightsInOrder } from '../../src/models/layer-tree.ts';
import { prepareJob } from '../../src/prepare-job.ts';
import type { PreparedJob } from '../../src/prepared-job.ts';
import { describeEachBackend } from '../gradients/each-backend.ts';
import { cpuBackend } from '../support/backend.ts';
import { indicesOf, jobOf, leafOf, tensorOf } from '../support/jobs.ts';
import { numbersOf, oneHot } from '../support/numbers.ts';
import { summaryOf } from '../support/summary.ts';
import { relativeDifference, sgdStep, sumOfLeaves } from '../support/training.ts';
import { twinOf } from '../support/twin.ts';

const count = 10;
const learningRate = 0.2;
const y = oneHot([0, 1, 2, 2, 1, 0, 0, 1, 2, 0], 3);

/** Models with regularisers, each with the shape of an example. */
const models: Readonly<
  Record<string, { shape: number[]; build: (tf: TensorFlow) => LayersModel }>
> = {
  'kernels and biases': {
    shape: [6],
    build: (tf) =>
      tf.sequential({
        layers: [
          tf.layers.dense({
            units: 5,
            inputShape: [6],
            activation: 'tanh',
            name: 'hidden',
            kernelRegularizer: tf.regularizers.l1({ l1: 0.03 }),
            biasRegularizer: 'l1l2',
          }),
          tf.layers.dense({
            units: 3,
            activation: 'softmax',
            name: 'out',
            kernelRegularizer: tf.regularizers.l1l2({ l1: 0.02, l2: 0.05 }),
          }),
        ],
      }),
  },
  'convolutions and normalisation': {
    shape: [5, 5, 1],
    build: (tf) =>
      tf.sequential({
        layers: [
          tf.layers.conv2d({
            filters: 2,
            kernelSize: 3,
            inputShape: [5, 5, 1],
            name: 'conv',
            kernelRegularizer: tf.regularizers.l2({ l2: 0.1 }),
          }),
          tf.layers.layerNormalization({ name: 'norm', gammaRegularizer: 'l1l2' }),
          tf.layers.flatten(),
          tf.layers.dense({ units: 3, activation: 'softmax', name: 'out' }),
        ],
      }),
  },
  'a nested model and a wrapper': {
    shape: [4, 2],
    build: (tf) => {
      const inner = tf.sequential({
        layers: [
          tf.layers.dense({
            units: 3,
            inputShape: [4],
            name: 'inner',
            kernelRegularizer: tf.regularizers.l2({ l2: 0.2 }),
          }),
        ],
      });
      const each = tf.layers.dense({
        units: 1,
        name: 'each',
        kernelRegularizer: tf.regularizers.l1({ l1: 0.1 }),
      });
      return tf.sequential({
        layers: [
          tf.layers.timeDistributed({ layer: each, inputShape: [4, 2], name: 'wrapper' }),
          tf.layers.flatten(),
          inner,
          tf.layers.softmax(),
        ],
      });
    },
  },
  'a layer that is used twice': {
    shape: [6],
    build: (tf) => {
      const input = tf.input({ shape: [6] });
      const shared = tf.layers.dense({
        units: 6,
        activation: 'tanh',
        name: 'shared',
        kernelRegularizer: tf.regularizers.l2({ l2: 0.05 }),
      });
      const twice = shared.apply(shared.apply(input)) as Tensor;
      const output = tf.layers.dense({ units: 3, activation: 'softmax', name: 'out' }).apply(twice);
      return tf.model({ inputs: input, outputs: output as never });
    },
  },
};

describeEachBackend(['cpu', 'wasm', 'tensorflow'], ({ backend, test }) => {
  for (const [words, { shape, build }] of Object.entries(models)) {
    test(`are in loss and gradient once a step, as in trainOnBatch() of tfjs: ${words}`, async () => {
      const { tf } = backend();
      const size = shape.reduce((product, dimension) => product * dimension, count);
      const x = { values: numbersOf(size, 9), shape: [count, ...shape] };
      const data = { type: 'arrays', train: { x, y }, test: { x, y } } as const;
      const job = await prepareJob(
        backend(),
        jobOf({ loss: 'categoricalCrossentropy', data, batchSize: count }, { model: build }),
      );
      const model = twinOf(tf, job, build);
      model.compile({ optimizer: tf.train.sgd(learningRate), loss: 'categoricalCrossentropy' });
      const xs = tf.tensor(x.values, x.shape);
      const loss = (await model.trainOnBatch(xs, tf.tensor2d(y))) as number;
      for (const microbatches of [1, 3, 10]) {
        const sum = sumOfLeaves(job, 0, { first: 0, count, microbatches });
        expect(summaryOf(job, sum.slice(0, job.scalars.length)).loss).toBeCloseTo(loss, 5);
        const flat = sgdStep(job, job.initialParameters(), { sum, learningRate });
        for (const weight of weightsInOrder(model)) {
          const ours = tensorOf(job, flat, weight.originalName);
          expect(relativeDifference(ours, weight.read().dataSync())).toBeLessThan(2e-5);
        }
      }
      model.dispose();
      job.dispose();
    });
  }
});

describe('regularisers', () => {
  const { build } = models['kernels and biases'] ?? {};
  const x = { values: numbersOf(count * 6, 9), shape: [count, 6] };
  const data = { type: 'arrays', train: { x, y }, test: { x, y } } as const;
  const prepare = async (model: unknown): Promise<PreparedJob> =>
    prepareJob(
      await cpuBackend(),
      jobOf({ loss: 'categoricalCrossentropy', data, batchSize: count }, { model }),
    );

  it('are sums of sizes and of squares, and no part of an evaluation', async () => {
    const job = await prepare(build);
    const flat = job.initialParameters();
    const bias = tensorOf(job, flat, 'hidden/bias').map((_, i) => i - 2);
    const { offset } = job.layout.tensors.find(({ name }) => name === 'hidden/bias') ?? {};
    flat.set(bias, offset);
    job.setParameters(flat);
    const sum = (name: string, of: (value: number) => number): number =>
      tensorOf(job, flat, name).reduce((total, value) => total + of(value), 0);
    const penalty =
      0.03 * sum('hidden/kernel', Math.abs) +
      sum('hidden/bias', (value) => 0.01 * Math.abs(value) + 0.01 * value ** 2) +
      sum('out/kernel', (value) => 0.02 * Math.abs(value) + 0.05 * value ** 2);
    const training = summaryOf(job, leafOf(job, { indices: indicesOf(0, count) }).slice(0, 2));
    const evaluation = summaryOf(job, job.evaluate(indicesOf(0, count)));
    expect(training.loss - evaluation.loss).toBeCloseTo(penalty, 5);
    job.dispose();
  });

  it('of recurrent cells are left out, as in fit() of tfjs, and that is said', async () => {
    const job = await prepare((tf: TensorFlow) =>
      tf.sequential({
        layers: [
          tf.layers.reshape({ targetShape: [3, 2], inputShape: [6] }),
          tf.layers.gru({
            units: 3,
            name: 'memory',
            activation: 'softmax',
            kernelRegularizer: tf.regularizers.l2({ l2: 0.1 }),
          }),
        ],
      }),
    );
    expect(job.notices).toEqual([
      'the regularisers of memory are not in the loss (nor in model.fit of tfjs)',
    ]);
    job.dispose();
    const plain = await prepare(build);
    expect(plain.notices).toEqual([]);
    plain.dispose();
  });
});

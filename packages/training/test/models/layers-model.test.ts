import type { LayersModel, Tensor } from '@tensorflow/tfjs';
import { beforeAll, describe, expect, it } from 'vitest';
import type { Backend, TensorFlow } from '../../src/backend/interface.ts';
import { weightsInOrder } from '../../src/models/layer-tree.ts';
import { cpuBackend } from '../support/backend.ts';
import { indicesOf, leafOf, tensorOf } from '../support/jobs.ts';
import { preparesJobs } from '../support/prepared-jobs.ts';
import { summaryOf } from '../support/summary.ts';
import { twinOf } from '../support/twin.ts';
import { numbersOf, oneHot, rowsOf } from '../support/numbers.ts';
import { relativeDifference, sgdStep, sumOfLeaves } from '../support/training.ts';

let backend: Backend;
let tf: TensorFlow;
beforeAll(async () => {
  backend = await cpuBackend();
  ({ tf } = backend);
});

const prepare = preparesJobs(() => backend);

const x = rowsOf(numbersOf(12 * 6, 3), 6);
const y = oneHot([0, 1, 2, 2, 1, 0, 0, 1, 2, 0, 1, 2], 3);
const learningRate = 0.3;

describe('steps of summed leaves', () => {
  const build = (t: TensorFlow): LayersModel =>
    t.sequential({
      layers: [
        t.layers.dense({
          units: 5,
          inputShape: [6],
          activation: 'tanh',
          name: 'hidden',
          kernelRegularizer: t.regularizers.l2({ l2: 0.05 }),
        }),
        t.layers.dense({ units: 3, activation: 'softmax', name: 'out' }),
      ],
    });
  const settings = {
    loss: 'categoricalCrossentropy',
    metrics: ['accuracy'],
    data: { type: 'arrays', train: { x, y }, test: { x, y } },
    batchSize: 12,
    microbatches: 3,
  } as const;

  it('train as model.trainOnBatch with SGD does, regularisers counted once', async () => {
    const job = await prepare(settings, { model: build });
    const model = twinOf(tf, job, build);
    model.compile({
      optimizer: tf.train.sgd(learningRate),
      loss: 'categoricalCrossentropy',
      metrics: ['accuracy'],
    });
    let flat = job.initialParameters();
    for (let step = 0; step < 5; step += 1) {
      const [xs, ys] = [tf.tensor2d(x), tf.tensor2d(y)];
      const [loss, accuracy] = (await model.trainOnBatch(xs, ys)) as number[];
      job.setParameters(flat);
      const sum = sumOfLeaves(job, step, { first: 0, count: 12, microbatches: 3 });
      const summary = summaryOf(job, sum.slice(0, 3));
      expect(summary.loss).toBeCloseTo(loss ?? Number.NaN, 5);
      expect(summary.metrics['accuracy']).toBeCloseTo(accuracy ?? Number.NaN, 6);
      flat = sgdStep(job, flat, { sum, learningRate });
    }
    for (const weight of weightsInOrder(model)) {
      const ours = tensorOf(job, flat, weight.originalName);
      expect(relativeDifference(ours, weight.read().dataSync())).toBeLessThan(1e-5);
    }
    job.setParameters(flat);
    const scalars = job.evaluate(indicesOf(0, 12));
    const [loss, accuracy] = (model.evaluate(tf.tensor2d(x), tf.tensor2d(y)) as Tensor[]).map(
      (t) => t.dataSync()[0],
    );
    expect(scalars[0]).toBe(12);
    expect(summaryOf(job, scalars).loss).toBeCloseTo(loss ?? Number.NaN, 5);
    expect(summaryOf(job, scalars).metrics['accuracy']).toBeCloseTo(accuracy ?? Number.NaN, 6);
    model.dispose();
  });

  it('have the gradient that finite differences show', async () => {
    const job = await prepare({ ...settings, microbatches: 1 }, { model: build });
    const flat = job.initialParameters();
    const leaf = leafOf(job, { indices: indicesOf(0, 12) });
    const lossAt = (at: Float32Array): number => {
      job.setParameters(at);
      return leafOf(job, { indices: indicesOf(0, 12) })[1] ?? Number.NaN;
    };
    const { trainable } = job.layout.sections;
    const range = Array.from({ length: trainable.length }, (_, i) => trainable.offset + i);
    const numerical = range.map((i) => {
      const moved = (by: number): Float32Array => flat.with(i, (flat[i] ?? 0) + by);
      return (lossAt(moved(1e-2)) - lossAt(moved(-1e-2))) / 2e-2;
    });
    expect(relativeDifference(leaf.subarray(trainable.offset), numerical)).toBeLessThan(2e-3);
  });
});

describe('batch normalisation', () => {
  const build = (t: TensorFlow): LayersModel =>
    t.sequential({
      layers: [
        t.layers.dense({ units: 4, inputShape: [6], name: 'hidden' }),
        t.layers.batchNormalization({ momentum: 0.9, name: 'norm' }),
        t.layers.dense({ units: 3, activation: 'softmax', name: 'out' }),
      ],
    });
  const settings = {
    loss: 'categoricalCrossentropy',
    data: { type: 'arrays', train: { x, y } },
    batchSize: 12,
  } as const;

  it('has its statistics in the state section, after the trainable weights', async () => {
    const job = await prepare({ ...settings, microbatches: 1 }, { model: build });
    expect(job.layout.tensors.map(({ name, section }) => `${section} ${name}`)).toEqual([
      'scalars $scalars',
      'trainable hidden/kernel',
      'trainable hidden/bias',
      'trainable norm/gamma',
      'trainable norm/beta',
      'trainable out/kernel',
      'trainable out/bias',
      'state norm/moving_mean',
      'state norm/moving_variance',
    ]);
    const initial = job.initialParameters();
    expect(Array.from(tensorOf(job, initial, 'norm/moving_mean'))).toEqual([0, 0, 0, 0]);
    expect(Array.from(tensorOf(job, initial, 'norm/moving_variance'))).toEqual([1, 1, 1, 1]);
  });

  it('moves them as model.fit does with the microbatch as its batch', async () => {
    const job = await prepare({ ...settings, microbatches: 1 }, { model: build });
    const model = twinOf(tf, job, build);
    model.compile({ optimizer: tf.train.sgd(learningRate), loss: 'categoricalCrossentropy' });
    let flat = job.initialParameters();
    for (let step = 0; step < 4; step += 1) {
      await model.trainOnBatch(tf.tensor2d(x), tf.tensor2d(y));
      job.setParameters(flat);
      const sum = sumOfLeaves(job, step, { first: 0, count: 12, microbatches: 1 });
      flat = sgdStep(job, flat, { sum, learningRate });
    }
    for (const weight of weightsInOrder(model)) {
      // A bias before a normalisation has a gradient of rounding errors only.
      if (weight.originalName === 'hidden/bias') continue;
      const ours = tensorOf(job, flat, weight.originalName);
      expect(relativeDifference(ours, weight.read().dataSync())).toBeLessThan(2e-5);
    }
    model.dispose();
  });

  it('starts each microbatch from the bound statistics, whatever was computed before', async () => {
    const job = await prepare({ ...settings, microbatches: 2 }, { model: build });
    const second = { microbatch: 1, indices: indicesOf(6, 6) };
    const alone = leafOf(job, second);
    leafOf(job, { indices: indicesOf(0, 6) });
    expect(leafOf(job, second)).toEqual(alone);
  });
});

describe('frozen layers', () => {
  it('are in the frozen section, without gradient; batch statistics stay state', async () => {
    const model = (t: TensorFlow): LayersModel => {
      const base = t.layers.dense({ units: 4, inputShape: [6] });
      base.trainable = false;
      return t.sequential({ layers: [base, t.layers.dense({ units: 3, activation: 'softmax' })] });
    };
    const job = await prepare(
      { loss: 'categoricalCrossentropy', data: { type: 'arrays', train: { x, y } } },
      { model },
    );
    expect(job.layout.tensors.map(({ name, section }) => `${section} ${name}`)).toEqual([
      'scalars $scalars',
      'trainable dense_2/kernel',
      'trainable dense_2/bias',
      'frozen dense_1/kernel',
      'frozen dense_1/bias',
    ]);
    const { frozen } = job.layout.sections;
    expect(leafOf(job, {}).subarray(frozen.offset).every(Number.isNaN)).toBe(true);
    const flat = job.initialParameters().fill(1, frozen.offset);
    const before = leafOf(job, {});
    job.setParameters(flat);
    expect(leafOf(job, {})).not.toEqual(before);
  });
});

describe('dropout and noise', () => {
  const model = (t: TensorFlow): LayersModel =>
    t.sequential({
      layers: [
        t.layers.dense({ units: 8, inputShape: [6], activation: 'relu' }),
        t.layers.gaussianNoise({ stddev: 0.1 }),
        t.layers.dropout({ rate: 0.5 }),
        t.layers.dense({ units: 3, activation: 'softmax' }),
      ],
    });
  const settings = {
    loss: 'categoricalCrossentropy',
    data: { type: 'arrays', train: { x, y }, test: { x, y } },
  } as const;

  it('are a function of seed, step and microbatch', async () => {
    const job = await prepare(settings, { model });
    const leaf = leafOf(job, { step: 3, microbatch: 1 });
    Math.random();
    expect(leafOf(job, { step: 3, microbatch: 1 })).toEqual(leaf);
    expect(leafOf(job, { step: 4, microbatch: 1 })).not.toEqual(leaf);
    expect(leafOf(job, { step: 3, microbatch: 0 })).not.toEqual(leaf);
    const again = await prepare(settings, { model });
    expect(leafOf(again, { step: 3, microbatch: 1 })).toEqual(leaf);
  });

  it('are off in an evaluation', async () => {
    const job = await prepare(settings, { model });
    const all = job.evaluate(indicesOf(0, 12))[1] ?? Number.NaN;
    const [first, second] = [indicesOf(0, 6), indicesOf(6, 6)].map((part) => job.evaluate(part)[1]);
    expect((first ?? 0) + (second ?? 0)).toBeCloseTo(all, 4);
  });

  it('leave Math.random as it was', async () => {
    const original = Math.random;
    const job = await prepare(settings, { model });
    leafOf(job, {});
    expect(Math.random).toBe(original);
  });
});

describe('a parameter that the loss does not reach', () => {
  it('has a zero gradient, and a notice names it', async () => {
    const model = (t: TensorFlow): LayersModel => {
      const input = t.input({ shape: [6] });
      const used = t.layers.dense({ units: 3, name: 'used' }).apply(input);
      const unused = t.layers.dense({ units: 2, name: 'unused' }).apply(input);
      return t.model({ inputs: input, outputs: [used, unused] as never });
    };
    const train = { x, y: { used: y, unused: y.map(() => [0, 0]) } };
    const nothing = (t: TensorFlow, labels: Tensor, _p: Tensor): Tensor =>
      t.mean(t.zerosLike(labels));
    const job = await prepare(
      { loss: undefined, data: { type: 'arrays', train } },
      { model, loss: { used: 'mse', unused: nothing } },
    );
    expect(job.notices).toEqual([
      'the loss does not depend on unused/kernel, unused/bias: the gradient is zero',
    ]);
    expect(Array.from(tensorOf(job, leafOf(job, {}), 'unused/bias'))).toEqual([0, 0]);
  });
});

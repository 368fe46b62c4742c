import type { LayersModel, Tensor } from '@tensorflow/tfjs';
import { beforeAll, describe, expect, it } from 'vitest';
import type { Backend, TensorFlow } from '../src/backend/interface.ts';
import { prepareJob } from '../src/prepare-job.ts';
import { cpuBackend } from './support/backend.ts';
import { jobOf, leafOf } from './support/jobs.ts';

let backend: Backend;
beforeAll(async () => {
  backend = await cpuBackend();
});

const dense = (t: TensorFlow): LayersModel =>
  t.sequential({ layers: [t.layers.dense({ units: 3, inputShape: [2], activation: 'softmax' })] });
const data = {
  type: 'arrays',
  train: {
    x: [
      [1, 2],
      [3, 4],
    ],
    y: [
      [1, 0, 0],
      [0, 1, 0],
    ],
  },
} as const;
const settings = { loss: 'categoricalCrossentropy', data, batchSize: 2, microbatches: 1 } as const;

const message = async (...job: Parameters<typeof jobOf>): Promise<string> => {
  const before = backend.tf.memory().numTensors;
  try {
    const made = await prepareJob(backend, jobOf(...job));
    made.dispose();
    return 'no error';
  } catch (error) {
    expect(backend.tf.memory().numTensors).toBe(before);
    return `${(error as { code: string }).code}: ${(error as Error).message}`;
  }
};

describe('a job that is wrong is told so in words of the model:', () => {
  it('examples of another width', async () => {
    const wide = { type: 'arrays', train: { x: [[1, 2, 3]], y: [[1, 0, 0]] } } as const;
    expect(await message({ ...settings, data: wide }, { model: dense })).toBe(
      'bad-shape: input "dense_1_input" takes examples of shape [2], the data gives [3]',
    );
  });

  it('images where the model wants rows', async () => {
    const model = (t: TensorFlow): LayersModel =>
      t.sequential({ layers: [t.layers.dense({ units: 10, inputShape: [784] })] });
    expect(await message({ ...settings, data: { type: 'mnist', flatten: false } }, { model })).toBe(
      'bad-shape: input "dense_1_input" takes examples of shape [784], the data gives [28, 28, 1]',
    );
  });

  it('classes without a weight, of an output of that width and of labels', async () => {
    expect(await message({ ...settings, classWeight: { 0: 1, 2: 3 } }, { model: dense })).toBe(
      'bad-loss: classWeight: none for the class 1 of the output "dense_1"; every class needs one',
    );
    const model = (t: TensorFlow): LayersModel =>
      t.sequential({ layers: [t.layers.dense({ units: 1, inputShape: [2] })] });
    const single = { type: 'arrays', train: { x: data.train.x, y: [7, 7] } } as const;
    const job = { ...settings, loss: 'mse', data: single, classWeight: { 0: 1 } };
    expect(await message(job, { model })).toBe(
      'bad-loss: classWeight: none for the class 7 of the output "dense_1"; every class needs one',
    );
  });

  it('weights that belong to nothing', async () => {
    const unknown = {
      type: 'arrays',
      train: { ...data.train, sampleWeight: { b: [1, 1] } },
    } as const;
    expect(await message({ ...settings, data: unknown }, { model: dense })).toBe(
      'bad-shape: data.sampleWeight has "b"; the model has the outputs "dense_1"',
    );
    expect(await message({ ...settings, lossWeights: { b: 1 } }, { model: dense })).toBe(
      'bad-loss: lossWeights: no output "b"; outputs: "dense_1"',
    );
    const wide = {
      type: 'arrays',
      train: {
        ...data.train,
        sampleWeight: [
          [1, 2],
          [3, 4],
        ],
      },
    } as const;
    expect(await message({ ...settings, data: wide }, { model: dense })).toBe(
      'bad-shape: data.sampleWeight gives [2, 2]; loss categoricalCrossentropy at output "dense_1" has values of ' +
        'shape [2] and takes a weight for each example, or for each value',
    );
  });

  it('weights of examples for a loss that is a mean already', async () => {
    const weights = { type: 'arrays', train: { ...data.train, sampleWeight: [1, 2] } } as const;
    const mean = (t: TensorFlow, labels: Tensor, p: Tensor): Tensor => t.mean(t.sub(p, labels));
    const job = { ...settings, loss: { $local: 'function' }, data: weights } as const;
    expect(await message(job, { model: dense, loss: mean })).toBe(
      'bad-loss: loss mean at output "dense_1" gives a mean over the examples; to be weighted, it must give one value ' +
        'per example',
    );
  });

  it('labels of another shape', async () => {
    const sparse = {
      type: 'arrays',
      train: {
        x: [
          [1, 2],
          [3, 4],
        ],
        y: [0, 2],
      },
    } as const;
    expect(await message({ ...settings, data: sparse }, { model: dense })).toBe(
      'bad-shape: output "dense_1" gives [2, 3] (examples first), for which the loss categoricalCrossentropy ' +
        'takes labels of shape [2, 3]; the data gives [2, 1]',
    );
    expect(
      await message(
        { ...settings, loss: 'sparseCategoricalCrossentropy', data: sparse },
        { model: dense },
      ),
    ).toBe('no error');
  });

  it('an error inside a layer, with the layer', async () => {
    const model = (t: TensorFlow): LayersModel => {
      class Broken extends t.layers.Layer {
        static className = 'Broken';
        override call(inputs: Tensor | Tensor[], { training }: { training?: boolean }): Tensor {
          const input = [inputs].flat()[0] as Tensor;
          return training === true ? t.matMul(input, t.ones([7, 3])) : input;
        }
      }
      t.serialization.registerClass(Broken);
      return t.sequential({
        layers: [t.layers.dense({ units: 3, inputShape: [2] }), new Broken({ name: 'my_layer' })],
      });
    };
    expect(await message(settings, { model })).toMatch(
      /^bad-shape: layer "my_layer": Error in matMul: inner shapes \(3\) and \(7\)/,
    );
  });

  it('a loss of NaN at the initial weights', async () => {
    const model = (t: TensorFlow): LayersModel =>
      t.sequential({
        layers: [
          t.layers.dense({
            units: 3,
            inputShape: [2],
            kernelInitializer: t.initializers.constant({ value: 1e38 }),
          }),
        ],
      });
    expect(await message({ ...settings, loss: 'mse' }, { model })).toMatch(
      /^non-finite: at the initial weights, on the first microbatch, the loss is (Infinity|NaN)/,
    );
    const job = await prepareJob(
      backend,
      jobOf({ ...settings, loss: 'mse', nonFinite: 'skip' }, { model }),
    );
    expect(job.notices[0]).toMatch(/the loss is/);
    expect(leafOf(job, { indices: Uint32Array.of(0, 1) })[1]).not.toSatisfy(Number.isFinite);
    job.dispose();
  });

  it('a stateful layer', async () => {
    const model = (t: TensorFlow): LayersModel =>
      t.sequential({
        layers: [
          t.layers.lstm({ units: 3, stateful: true, batchInputShape: [2, 4, 1], name: 'memory' }),
        ],
      });
    // Its state tensors are tfjs's to lose: it has no way to dispose them.
    await expect(prepareJob(backend, jobOf(settings, { model }))).rejects.toThrow(
      /layer "memory": stateful layers carry state/,
    );
  });

  it('no trainable weights', async () => {
    const model = (t: TensorFlow): LayersModel =>
      t.sequential({ layers: [t.layers.reLU({ inputShape: [2] })] });
    expect(await message({ ...settings, loss: 'mse' }, { model })).toMatch(
      /^unsupported-model: the model has no trainable parameters/,
    );
  });

  it('no model at all, or one that cannot be built', async () => {
    expect(await message(settings, { model: () => 3 as unknown as LayersModel })).toMatch(
      /^bad-model: model: the function must return a LayersModel .*got number/,
    );
    expect(await message(settings, {})).toMatch(/^bad-model: model: the job has no model function/);
    const failing = (t: TensorFlow): LayersModel =>
      t.sequential({ layers: [t.layers.dense({ units: 3 })] });
    expect(await message(settings, { model: failing })).toMatch(
      /^bad-model: model: cannot be built: The first layer/,
    );
  });

  it('an unknown loss or metric, with the nearest', async () => {
    expect(await message({ ...settings, loss: 'meanSquareError' }, { model: dense })).toMatch(
      /^bad-loss: .*did you mean "meanSquaredError"/,
    );
    expect(await message({ ...settings, metrics: ['acc_'] }, { model: dense })).toMatch(
      /^bad-metric: metrics: there is no "acc_"/,
    );
  });

  it('inputs that the data does not name', async () => {
    const named = {
      type: 'arrays',
      train: { x: { a: [[1, 2]], b: [[1, 2]] }, y: [[1, 0, 0]] },
    } as const;
    expect(await message({ ...settings, data: named }, { model: dense })).toBe(
      'bad-shape: the model has the inputs "dense_1_input"; data.x has "a", "b"',
    );
  });

  it('an empty microbatch and an evaluation without test split are mistakes of the caller', async () => {
    const job = await prepareJob(backend, jobOf(settings, { model: dense }));
    expect(() => leafOf(job, { indices: new Uint32Array() })).toThrow(
      /an empty microbatch has no leaf/,
    );
    expect(() => job.evaluate(Uint32Array.of(0))).toThrow(/needs a test split/);
    job.dispose();
  });
});

import type { Tensor } from '@tensorflow/tfjs';
import { afterEach, beforeAll, describe, expect, it } from 'vitest';
import type { Backend, TensorFlow } from '../../src/backend/interface.ts';
import type { FunctionalBatch, ParameterTensors, TrainingFunctions } from '../../src/job.ts';
import { prepareJob } from '../../src/prepare-job.ts';
import type { PreparedJob } from '../../src/prepared-job.ts';
import { cpuBackend } from '../support/backend.ts';
import { indicesOf, jobOf, leafOf } from '../support/jobs.ts';
import { summaryOf } from '../support/summary.ts';
import { sgdStep, sumOfLeaves } from '../support/training.ts';

let backend: Backend;
beforeAll(async () => {
  backend = await cpuBackend();
});
const prepared: PreparedJob[] = [];
afterEach(() => {
  prepared.splice(0).forEach((job) => {
    job.dispose();
  });
});

const predict = (tf: TensorFlow, { W, b }: ParameterTensors, { x }: FunctionalBatch): Tensor =>
  tf.add(tf.matMul(x as Tensor, W as Tensor), b as Tensor);
const loss = (tf: TensorFlow, parameters: ParameterTensors, batch: FunctionalBatch): Tensor => {
  const error = tf.sub(predict(tf, parameters, batch), batch.y as Tensor);
  return tf.mean(tf.mul(error, error));
};
const parameters = {
  W: { shape: [2, 3], init: 'glorotNormal' },
  b: { shape: [3], init: 'zeros' },
} as const;
const local = { $local: 'function' } as const;

const prepare = async (
  functions: TrainingFunctions,
  settings: Parameters<typeof jobOf>[0] = {},
): Promise<PreparedJob> => {
  const job = await prepareJob(
    backend,
    jobOf(
      { model: { type: 'parameters' }, loss: local, ...settings },
      { parameters, loss, ...functions },
    ),
  );
  prepared.push(job);
  return job;
};

describe('the functional form', () => {
  it('finds the law of linear data', async () => {
    const data = {
      type: 'linear',
      examples: 64,
      testExamples: 32,
      weights: [
        [1, 2, 3],
        [-1, 0, 1],
      ],
      bias: [0.5, 0, -0.5],
      noise: 0,
    } as const;
    const job = await prepare({}, { data });
    expect(job.topology).toBeNull();
    let flat = job.initialParameters();
    for (let step = 0; step < 200; step += 1) {
      job.setParameters(flat);
      const sum = sumOfLeaves(job, step, { first: (step % 4) * 16, count: 16, microbatches: 2 });
      flat = sgdStep(job, flat, { sum, learningRate: 0.8 });
    }
    const found = flat.subarray(2);
    [1, 2, 3, -1, 0, 1, 0.5, 0, -0.5].forEach((value, i) => {
      expect(found[i]).toBeCloseTo(value, 3);
    });
    job.setParameters(flat);
    expect(summaryOf(job, job.evaluate(indicesOf(0, 32))).loss).toBeLessThan(1e-6);
  });

  it('has the gradient of the same layers model', async () => {
    const ours = await prepare({});
    const layers = await prepareJob(
      backend,
      jobOf(
        { loss: 'mse' },
        {
          model: (tf: TensorFlow) =>
            tf.sequential({ layers: [tf.layers.dense({ units: 3, inputShape: [2] })] }),
        },
      ),
    );
    prepared.push(layers);
    const flat = ours.initialParameters();
    layers.setParameters(flat);
    leafOf(layers, {}).forEach((value, i) => {
      expect(leafOf(ours, {})[i]).toBeCloseTo(value, 5);
    });
  });

  it('has metrics as functions, and by name with a prediction', async () => {
    const bias = (tf: TensorFlow, p: ParameterTensors, batch: FunctionalBatch): Tensor =>
      tf.sub(predict(tf, p, batch), batch.y as Tensor);
    const job = await prepare({ metrics: [bias, undefined], predict }, { metrics: [local, 'mae'] });
    expect(job.scalars).toEqual(['weight', 'loss', 'bias', 'mae']);
    await expect(prepare({}, { metrics: ['mae'] })).rejects.toThrow(/the functional form has none/);
  });

  it('takes several inputs by name', async () => {
    const x = { a: [[1], [2], [3], [4]], b: [[1], [0], [1], [0]] };
    const named = (tf: TensorFlow, { W }: ParameterTensors, batch: FunctionalBatch): Tensor => {
      const { a, b } = batch.x as Readonly<Record<string, Tensor>>;
      return tf.mean(tf.mul(tf.add(a as Tensor, b as Tensor), W as Tensor));
    };
    const data = { type: 'arrays', train: { x, y: [0, 0, 0, 0] } } as const;
    const job = await prepare(
      { parameters: { W: { shape: [], init: 2 } }, loss: named },
      { data, batchSize: 4, microbatches: 1 },
    );
    // mean(a + b) = 3: loss 6, gradient 3, times 4 examples.
    expect(Array.from(leafOf(job, {}))).toEqual([4, 24, 12]);
  });

  it('is given the weights of the examples, where the data has some', async () => {
    const of = (tf: TensorFlow, { W }: ParameterTensors, { x, sampleWeight }: FunctionalBatch) =>
      tf.mean(tf.mul(tf.mul(x as Tensor, sampleWeight as Tensor), W as Tensor));
    const train = { x: [1, 2, 3, 4], y: [0, 0, 0, 0], sampleWeight: [1, 0, 2, 0.5] };
    const job = await prepare(
      { parameters: { W: { shape: [], init: 2 } }, loss: of },
      { data: { type: 'arrays', train }, batchSize: 4, microbatches: 1 },
    );
    // 1 + 6 + 2 = 9, over the four examples of the leaf.
    expect(Array.from(leafOf(job, {}))).toEqual([4, 18, 9]);
  });

  it('keeps a parameter that is not trainable', async () => {
    const fixed = { W: parameters.W, b: { shape: [3], init: 'ones', trainable: false } } as const;
    const job = await prepare({ parameters: fixed });
    expect(job.layout.tensors.map(({ name, section }) => [name, section])).toEqual([
      ['$scalars', 'scalars'],
      ['W', 'trainable'],
      ['b', 'frozen'],
    ]);
  });

  it.each([
    ['no parameters', { parameters: {} }, /at least one/],
    [
      'a wrong shape',
      { parameters: { W: { shape: [0] } } },
      /parameters.W.shape: must be a list of whole numbers/,
    ],
    [
      'an unknown init',
      { parameters: { W: { shape: [2], init: 'xavier' as 'zeros' } } },
      /parameters.W.init: unknown "xavier"/,
    ],
    [
      'too few values',
      { parameters: { W: { shape: [2], init: [1] } } },
      /parameters.W.init: 1 values for 2 elements/,
    ],
    [
      'a loss of a wrong shape',
      { loss: (tf: TensorFlow, { W }: ParameterTensors) => W as Tensor },
      /must return a scalar or one value per example, got shape \[2,3\]|\[2, 3\]/,
    ],
    [
      'a loss that throws',
      { loss: (tf: TensorFlow, { W }: ParameterTensors) => tf.matMul(W as Tensor, W as Tensor) },
      /the function threw for a tensor \[4, 2\], a tensor \[4, 3\]/,
    ],
    [
      'a loss of no tensor',
      { loss: () => 3 as unknown as Tensor },
      /must return a tensor, got number/,
    ],
  ])('is refused with %s', async (_, functions, message) => {
    const before = backend.tf.memory().numTensors;
    await expect(prepare(functions)).rejects.toThrow(message);
    expect(backend.tf.memory().numTensors).toBe(before);
  });
});

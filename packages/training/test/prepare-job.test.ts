import type { LayersModel } from '@tensorflow/tfjs';
import { beforeAll, describe, expect, it } from 'vitest';
import type { Backend } from '../src/backend/interface.ts';
import { prepareJob } from '../src/prepare-job.ts';
import { cpuBackend } from './support/backend.ts';
import { indicesOf, jobOf, leafOf, tensorOf } from './support/jobs.ts';
import { preparesJobs } from './support/prepared-jobs.ts';

let backend: Backend;
beforeAll(async () => {
  backend = await cpuBackend();
});

const prepare = preparesJobs(() => backend);

const linearModel = {
  model: (tf: Backend['tf']) =>
    tf.sequential({ layers: [tf.layers.dense({ units: 3, inputShape: [2] })] }),
};

describe('a prepared job', () => {
  it('lays out scalars, then weights under names that do not count what else the process built', async () => {
    backend.tf.layers.dense({ units: 1 });
    const job = await prepare({ loss: 'meanSquaredError' }, linearModel);
    expect(job.layout.tensors.map(({ name, shape, section }) => [name, shape, section])).toEqual([
      ['$scalars', [2], 'scalars'],
      ['dense_1/kernel', [2, 3], 'trainable'],
      ['dense_1/bias', [3], 'trainable'],
    ]);
    expect(job.scalars).toEqual(['weight', 'loss']);
    expect(job.splits.train.examples).toBe(64);
    expect(job.splits.train.digest).toMatch(/^[0-9a-f]{64}$/);
  });

  it('gives weight x gradient of the mean squared error, as derived by hand', async () => {
    const data = {
      type: 'arrays',
      train: {
        x: [
          [1, 2],
          [3, -1],
        ],
        y: [1, 0],
      },
    } as const;
    const model = (tf: Backend['tf']): LayersModel =>
      tf.sequential({ layers: [tf.layers.dense({ units: 1, inputShape: [2] })] });
    const job = await prepare({ loss: 'mse', data, batchSize: 2, microbatches: 1 }, { model });
    job.setParameters(Float32Array.from([0, 0, 0.5, 1, 0.1]));
    const leaf = leafOf(job, { indices: indicesOf(0, 2) });
    // Predictions 2.6 and 0.6, errors 1.6 and 0.6; 2 x mean(e^2) = 2.56 + 0.36, its gradient 2 sum(e x).
    const expected = [2, 2.92, 2 * (1.6 + 1.8), 2 * (3.2 - 0.6), 2 * 2.2];
    expected.forEach((value, i) => {
      expect(leaf[i]).toBeCloseTo(value, 5);
    });
    expect(leaf.length).toBe(5);
  });

  it('starts from weights that depend on the seed alone', async () => {
    const [first, second, other] = [
      await prepare({ loss: 'mse', seed: 0 }, linearModel),
      await prepare({ loss: 'mse', seed: 0 }, linearModel),
      await prepare({ loss: 'mse', seed: 1 }, linearModel),
    ];
    expect(first.initialParameters()).toEqual(second.initialParameters());
    expect(first.initialParameters()).not.toEqual(other.initialParameters());
    expect(new Set(tensorOf(first, first.initialParameters(), 'dense_1/kernel')).size).toBe(6);
  });

  it('keeps no tensor: their number is the same after 200 leaves and evaluations', async () => {
    const data = {
      type: 'linear',
      examples: 64,
      testExamples: 16,
      features: 2,
      outputs: 3,
      noise: 0,
    } as const;
    const job = await prepare({ loss: 'mse', metrics: ['mae', 'accuracy'], data }, linearModel);
    const initial = job.initialParameters();
    const step = (number: number): void => {
      job.setParameters(initial);
      leafOf(job, { step: number });
      job.evaluate(indicesOf(0, 16));
    };
    step(0);
    const before = backend.tf.memory().numTensors;
    for (let number = 1; number <= 200; number += 1) step(number);
    expect(backend.tf.memory().numTensors).toBe(before);
  });

  it('gives back every tensor', async () => {
    const before = backend.tf.memory().numTensors;
    const job = await prepareJob(backend, jobOf({ loss: 'mse' }, linearModel));
    leafOf(job, {});
    job.dispose();
    expect(backend.tf.memory().numTensors).toBe(before);
  });
});

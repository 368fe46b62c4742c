import type { LayersModel, Tensor } from '@tensorflow/tfjs';
import { beforeAll, describe, expect, it } from 'vitest';
import type { Backend, TensorFlow } from '../../src/backend/interface.ts';
import { prepareJob } from '../../src/prepare-job.ts';
import type { PreparedJob } from '../../src/prepared-job.ts';
import { describeSavedModel } from '../../src/saved-model.ts';
import { cpuBackend } from '../support/backend.ts';
import { jobOf } from '../support/jobs.ts';
import { numbersOf, oneHot, rowsOf } from '../support/numbers.ts';
import { sgdStep, sumOfLeaves } from '../support/training.ts';

let backend: Backend;
let tf: TensorFlow;
beforeAll(async () => {
  backend = await cpuBackend();
  ({ tf } = backend);
});

const y = oneHot([0, 1, 1, 0, 0, 1, 0, 1], 2);

/** Trains three steps and gives the job, its parameters, and the user's own model with them. */
async function train(
  x: unknown,
  build: (t: TensorFlow) => LayersModel,
): Promise<{ job: PreparedJob; flat: Float32Array; model: LayersModel }> {
  const built: LayersModel[] = [];
  const model = (t: TensorFlow): LayersModel => {
    const made = build(t);
    built.push(made);
    return made;
  };
  const data = { type: 'arrays', train: { x, y } } as never;
  const job = await prepareJob(
    backend,
    jobOf({ loss: 'categoricalCrossentropy', data, batchSize: 8 }, { model }),
  );
  let flat = job.initialParameters();
  for (let step = 0; step < 3; step += 1) {
    job.setParameters(flat);
    const sum = sumOfLeaves(job, step, { first: 0, count: 8, microbatches: 2 });
    flat = sgdStep(job, flat, { sum, learningRate: 0.1 });
  }
  job.setParameters(flat);
  job.gradient({ step: 3, microbatch: 0, indices: Uint32Array.of(0) }, () => undefined);
  job.setParameters(flat);
  const [own] = built;
  if (own === undefined) throw new Error('the model function was not called');
  return { job, flat, model: own };
}

/** What the server writes: model.json and weights.bin, by hand; loaded with nothing but tfjs. */
async function saveAndLoad(job: PreparedJob, flat: Float32Array): Promise<LayersModel> {
  const weights = flat.slice(job.layout.sections.trainable.offset);
  const modelJson = JSON.stringify({
    format: 'layers-model',
    modelTopology: job.topology,
    weightsManifest: [{ paths: ['weights.bin'], weights: describeSavedModel(job.layout) }],
  });
  const files = JSON.parse(modelJson) as {
    modelTopology: object;
    weightsManifest: { weights: never[] }[];
  };
  return tf.loadLayersModel(
    tf.io.fromMemory({
      modelTopology: files.modelTopology,
      weightSpecs: files.weightsManifest.flatMap((group) => group.weights),
      weightData: weights.buffer,
    }),
  );
}

const models: [string, number[], (t: TensorFlow) => LayersModel][] = [
  [
    'convolution, batch normalisation and dropout',
    [6, 6, 1],
    (t) =>
      t.sequential({
        layers: [
          t.layers.conv2d({ filters: 3, kernelSize: 3, inputShape: [6, 6, 1] }),
          t.layers.batchNormalization(),
          t.layers.activation({ activation: 'relu' }),
          t.layers.maxPooling2d({ poolSize: 2 }),
          t.layers.flatten(),
          t.layers.dropout({ rate: 0.3 }),
          t.layers.dense({ units: 2, activation: 'softmax' }),
        ],
      }),
  ],
  [
    'nested models',
    [6],
    (t) => {
      const part = (): LayersModel =>
        t.sequential({
          layers: [
            t.layers.dense({ units: 4, inputShape: [6], activation: 'tanh' }),
            t.layers.batchNormalization(),
          ],
        });
      const input = t.input({ shape: [6] });
      const joined = t.layers.add().apply([part().apply(input), part().apply(input)] as Tensor[]);
      return t.model({
        inputs: input,
        outputs: t.layers.dense({ units: 2, activation: 'softmax' }).apply(joined) as never,
      });
    },
  ],
  [
    'one nested model for two inputs of the graph',
    [6],
    (t) => {
      const shared = t.sequential({
        layers: [t.layers.dense({ units: 6, inputShape: [6], activation: 'tanh' })],
      });
      const input = t.input({ shape: [6] });
      const twice = shared.apply(shared.apply(input));
      return t.model({
        inputs: input,
        outputs: t.layers.dense({ units: 2, activation: 'softmax' }).apply(twice) as never,
      });
    },
  ],
  [
    'bidirectional LSTM and wrapped layers',
    [5, 3],
    (t) =>
      t.sequential({
        layers: [
          t.layers.timeDistributed({ layer: t.layers.dense({ units: 4 }), inputShape: [5, 3] }),
          t.layers.bidirectional({
            layer: t.layers.lstm({ units: 3, returnSequences: true }),
            mergeMode: 'concat',
          }),
          t.layers.gru({ units: 3 }),
          t.layers.dense({ units: 2, activation: 'softmax' }),
        ],
      }),
  ],
  [
    'a frozen nested model with batch normalisation',
    [6],
    (t) => {
      const base = t.sequential({
        layers: [
          t.layers.dense({ units: 4, inputShape: [6] }),
          t.layers.batchNormalization(),
          t.layers.dense({ units: 3 }),
        ],
      });
      base.trainable = false;
      return t.sequential({ layers: [base, t.layers.dense({ units: 2, activation: 'softmax' })] });
    },
  ],
];

describe('a saved model', () => {
  it.each(models)('of %s predicts with the bits of the trained one', async (_, shape, build) => {
    const size = shape.reduce((product, n) => product * n, 1);
    const values = numbersOf(8 * size, 11);
    const { job, flat, model } = await train({ values, shape: [8, ...shape] }, build);
    const loaded = await saveAndLoad(job, flat);
    const input = tf.tensor(values, [8, ...shape]);
    const [expected, found] = [model, loaded].map((one) =>
      (one.predict(input) as Tensor).dataSync(),
    );
    expect(found).toEqual(expected);
    loaded.dispose();
    job.dispose();
  });

  it('has the same topology and names whoever built it, and whatever they built before', async () => {
    const [, , build] = models[3] ?? [];
    if (build === undefined) throw new Error('no model');
    const x = { values: numbersOf(8 * 15, 11), shape: [8, 5, 3] };
    const first = await train(x, build);
    const second = await train(x, build);
    expect(second.job.topology).toEqual(first.job.topology);
    expect(second.job.layout).toEqual(first.job.layout);
    expect(second.flat).toEqual(first.flat);
    expect(first.job.layout.tensors.map(({ name }) => name)).toEqual([
      '$scalars',
      'time_distributed_1/kernel',
      'time_distributed_1/bias',
      'bidirectional_1/forward_lstm_1/kernel',
      'bidirectional_1/forward_lstm_1/recurrent_kernel',
      'bidirectional_1/forward_lstm_1/bias',
      'bidirectional_1/backward_lstm_1/kernel',
      'bidirectional_1/backward_lstm_1/recurrent_kernel',
      'bidirectional_1/backward_lstm_1/bias',
      'gru_1/kernel',
      'gru_1/recurrent_kernel',
      'gru_1/bias',
      'dense_2/kernel',
      'dense_2/bias',
    ]);
    first.job.dispose();
    second.job.dispose();
  });

  it('can be the model of a job that is data only', async () => {
    const x = rowsOf(numbersOf(48, 11), 6);
    const build = (t: TensorFlow): LayersModel =>
      t.sequential({
        layers: [t.layers.dense({ units: 2, inputShape: [6], activation: 'softmax' })],
      });
    const { job } = await train(x, build);
    const topology = JSON.parse(JSON.stringify(job.topology)) as object;
    const settings = {
      loss: 'categoricalCrossentropy',
      data: { type: 'arrays', train: { x, y } },
    } as const;
    const fromJson = await prepareJob(
      backend,
      jobOf({ ...settings, model: { type: 'layers', topology } }),
    );
    expect(fromJson.topology).toEqual(job.topology);
    expect(fromJson.layout).toEqual(job.layout);
    expect(fromJson.initialParameters()).toEqual(job.initialParameters());
    job.dispose();
    fromJson.dispose();
  });
});

import type { LayersModel, Tensor } from '@tensorflow/tfjs';
import { beforeAll, describe, expect, it } from 'vitest';
import type { Backend, TensorFlow } from '../../src/backend/interface.ts';
import { weightsInOrder } from '../../src/models/layer-tree.ts';
import type { PreparedJob } from '../../src/prepared-job.ts';
import { cpuBackend } from '../support/backend.ts';
import { indicesOf, leafOf, tensorOf } from '../support/jobs.ts';
import { preparesJobs } from '../support/prepared-jobs.ts';
import { summaryOf } from '../support/summary.ts';
import { numbersOf, oneHot, rowsOf } from '../support/numbers.ts';
import { relativeDifference } from '../support/training.ts';

let backend: Backend;
let tf: TensorFlow;
beforeAll(async () => {
  backend = await cpuBackend();
  ({ tf } = backend);
});

const prepare = preparesJobs(() => backend);

const x = rowsOf(numbersOf(12 * 6, 3), 6);
const y = oneHot([0, 1, 2, 2, 1, 0, 0, 1, 2, 0, 1, 2], 3);

describe('several inputs and outputs', () => {
  const build = (t: TensorFlow): LayersModel => {
    const left = t.input({ shape: [2], name: 'left' });
    const right = t.input({ shape: [4] });
    const joined = t.layers.concatenate().apply([left, right]) as Tensor;
    const a = t.layers.dense({ units: 3, activation: 'softmax', name: 'a' }).apply(joined);
    const b = t.layers.dense({ units: 1 }).apply(joined);
    return t.model({ inputs: [left, right], outputs: [a, b] as never });
  };
  const train = {
    x: { left: x.map((row) => row.slice(0, 2)), input_1: x.map((row) => row.slice(2)) },
    y: { a: y, dense_1: x.map((row) => [row[0] ?? 0]) },
  };
  const settings = {
    data: { type: 'arrays', train, test: train },
    batchSize: 12,
    microbatches: 1,
    metrics: ['accuracy'],
  } as const;

  it('are matched by name, and their losses are added, as in model.evaluate', async () => {
    const loss = { a: 'categoricalCrossentropy', dense_1: 'meanSquaredError' };
    const job = await prepare({ ...settings, loss }, { model: build });
    expect(job.scalars).toEqual(['weight', 'loss', 'a_accuracy', 'dense_1_accuracy']);
    const model = build(tf);
    const initial = job.initialParameters();
    weightsInOrder(model).forEach((weight) => {
      const name = weight.originalName.replace(/dense_Dense\d+/, 'dense_1');
      weight.write(tf.tensor(tensorOf(job, initial, name), weight.shape as number[]));
    });
    model.compile({ optimizer: 'sgd', loss: ['categoricalCrossentropy', 'meanSquaredError'] });
    const inputs = [tf.tensor2d(train.x.left), tf.tensor2d(train.x.input_1)];
    const labels = [tf.tensor2d(y), tf.tensor2d(train.y.dense_1)];
    const evaluated = model.evaluate(inputs, labels) as Tensor[];
    // tfjs gives the running sum of the losses: the last one is the total.
    const total = evaluated[1]?.dataSync()[0] ?? Number.NaN;
    expect(summaryOf(job, job.evaluate(indicesOf(0, 12))).loss).toBeCloseTo(total, 5);
    model.dispose();
  });

  it('may have metrics of their own, by name', async () => {
    const distance = (labels: Tensor, p: Tensor): Tensor => p.sub(labels).abs().mean(-1);
    const local = { $local: 'function' } as const;
    const loss = ['categoricalCrossentropy', 'mse'];
    const job = await prepare(
      { ...settings, loss, metrics: { dense_1: ['r2Score', local], a: ['precision'] } },
      { model: build, metrics: { dense_1: [undefined, distance] } },
    );
    expect(job.scalars.slice(2)).toEqual([
      'a_precision:ratio:part',
      'a_precision:ratio:whole',
      'dense_1_r2Score:r2:residuals',
      'dense_1_r2Score:r2:values',
      'dense_1_r2Score:r2:squares',
      'dense_1_r2Score:r2:count',
      'dense_1_distance',
    ]);
    await expect(
      prepare({ ...settings, loss, metrics: { b: ['mse'] } }, { model: build }),
    ).rejects.toThrow('metrics: no output "b"; outputs: "a", "dense_1"');
  });

  it('may have one loss for all, or a list', async () => {
    await expect(
      prepare({ ...settings, loss: ['categoricalCrossentropy', 'mse'] }, { model: build }),
    ).resolves.toBeDefined();
    await expect(prepare({ ...settings, loss: ['mse'] }, { model: build })).rejects.toThrow(
      /loss: 1 given for 2 outputs \("a", "dense_1"\)/,
    );
    await expect(prepare({ ...settings, loss: { b: 'mse' } }, { model: build })).rejects.toThrow(
      /no output "b"/,
    );
  });
});

describe('a compiled model', () => {
  const build = (t: TensorFlow): LayersModel => {
    const model = t.sequential({
      layers: [t.layers.dense({ units: 3, inputShape: [6], activation: 'softmax' })],
    });
    model.compile({ optimizer: 'adam', loss: 'categoricalCrossentropy', metrics: ['accuracy'] });
    return model;
  };
  const data = { type: 'arrays', train: { x, y } } as const;
  const compiled = { $local: 'compiled' } as const;

  it('gives loss and metrics that the job leaves out; its optimizer is named as not used', async () => {
    const job = await prepare({ loss: compiled, metrics: [compiled], data }, { model: build });
    expect(job.scalars).toEqual(['weight', 'loss', 'accuracy']);
    expect(job.notices).toEqual([
      'the model is compiled with the optimizer Adam, which is not used: the parameter server updates with "sgd" of the job',
    ]);
    const explicit = await prepare(
      { loss: 'categoricalCrossentropy', metrics: ['accuracy'], data },
      { model: build },
    );
    expect(leafOf(job, {})).toEqual(leafOf(explicit, {}));
    expect(explicit.notices).toHaveLength(2);
  });

  it('without a loss, in a job without one, is refused', async () => {
    const model = (t: TensorFlow): LayersModel =>
      t.sequential({ layers: [t.layers.dense({ units: 3, inputShape: [6] })] });
    await expect(prepare({ loss: compiled, data }, { model })).rejects.toThrow(
      /none for the output "dense_1"/,
    );
  });
});

describe('a loss as a function', () => {
  const data = { type: 'arrays', train: { x, y } } as const;
  const model = (t: TensorFlow): LayersModel =>
    t.sequential({
      layers: [t.layers.dense({ units: 3, inputShape: [6], activation: 'softmax' })],
    });
  const local = { $local: 'function' } as const;
  const named = async (): Promise<Float32Array> =>
    leafOf(await prepare({ loss: 'mse', data }, { model }), {});

  it.each([
    [
      'per example',
      (t: TensorFlow, labels: Tensor, p: Tensor): Tensor =>
        t.mean(t.mul(t.sub(p, labels), t.sub(p, labels)), -1),
    ],
    [
      'a scalar',
      (t: TensorFlow, labels: Tensor, p: Tensor): Tensor =>
        t.mean(t.mul(t.sub(p, labels), t.sub(p, labels))),
    ],
    ['without tf', (labels: Tensor, p: Tensor): Tensor => p.sub(labels).square().mean(-1)],
  ])('%s gives what the loss of that name gives', async (_, loss) => {
    const job = await prepare({ loss: local, data }, { model, loss });
    expect(relativeDifference(leafOf(job, {}), await named())).toBeLessThan(1e-6);
  });

  it('is refused when it gives something else, or throws', async () => {
    const bad = (
      loss: (t: TensorFlow, labels: Tensor, p: Tensor) => Tensor,
    ): Promise<PreparedJob> => prepare({ loss: local, data }, { model, loss });
    await expect(bad((t, labels, p) => t.sum(t.sub(p, labels), 0))).rejects.toThrow(
      /one value per example \(4\), got shape \[3\]/,
    );
    await expect(bad((t, _labels, p) => t.matMul(p, p))).rejects.toThrow(
      /loss at output "dense_1" threw for labels \[4, 3\]/,
    );
    await expect(bad(() => 3 as unknown as Tensor)).rejects.toThrow(
      /must return a tensor, got number/,
    );
  });

  it('that does not depend on the model is refused', async () => {
    const loss = (t: TensorFlow, labels: Tensor, _p: Tensor): Tensor => t.mean(labels);
    await expect(prepare({ loss: local, data }, { model, loss })).rejects.toMatchObject({
      code: 'unreached-model',
    });
  });

  it('goes with metrics as functions, at the places of their markers', async () => {
    const metrics = [
      undefined,
      function distance(labels: Tensor, p: Tensor): Tensor {
        return p.sub(labels).abs().sum(-1);
      },
    ];
    const job = await prepare(
      { loss: 'mse', metrics: ['accuracy', local], data },
      { model, metrics },
    );
    expect(job.scalars).toEqual(['weight', 'loss', 'accuracy', 'distance']);
  });
});

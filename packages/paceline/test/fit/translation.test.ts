import { readFileSync } from 'node:fs';

import { parseJob } from '@paceline/protocol';
import { openBackend } from '@paceline/training';
import { describe, expect, it } from 'vitest';

import { readArguments, usualSeed } from '../../src/fit/arguments.ts';
import { fitDefinition } from '../../src/fit/definition.ts';
import { addBatch, epochLogs, noMeans, placeOf, stepsPerEpoch } from '../../src/fit/epochs.ts';
import { findSetup } from '../../src/fit/find-setup.ts';
import { findTensorFlow } from '../../src/fit/find-tensorflow.ts';
import { writeJobSource } from '../../src/fit/job-source.ts';
import { planLogs } from '../../src/fit/log-plan.ts';
import { optimizerForm } from '../../src/fit/optimizer-form.ts';
import { ownClasses } from '../../src/fit/own-classes.ts';
import { readCall } from '../../src/fit/read-call.ts';
import { readCompiled } from '../../src/fit/read-compiled.ts';

const { tf } = await openBackend('cpu', { threads: 1 });

const dense = (units: number) =>
  tf.sequential({ layers: [tf.layers.dense({ inputShape: [2], units })] });
const compiled = (args: object) => {
  const model = dense(2);
  model.compile({ optimizer: 'sgd', loss: 'meanSquaredError', ...args });
  return model;
};

describe('what compile() said', () => {
  it('is losses and metrics by name, and functions of TensorFlow.js by where they are', () => {
    const metrics = ['acc', tf.metrics.meanAbsoluteError];
    const model = compiled({ loss: tf.losses.huberLoss, metrics });
    expect(readCompiled(tf, model)).toEqual({
      losses: [{ call: 'tf.losses.huberLoss', name: 'huberLoss' }],
      metrics: [['accuracy', { call: 'tf.metrics.meanAbsoluteError', name: 'meanAbsoluteError' }]],
    });
  });

  it('is refused where it is a function of the program, with the way out', () => {
    const mine = (labels: never) => labels;
    expect(() => readCompiled(tf, compiled({ loss: mine }))).toThrow(
      /The loss mine of the output "dense_Dense\d+" is a function of this program.*defineJob/s,
    );
    expect(() => readCompiled(tf, compiled({ metrics: [mine] }))).toThrow(/The metric mine/);
  });

  it('must have been said', () => {
    expect(() => readCompiled(tf, dense(1))).toThrow(/no loss.*Call model\.compile/);
  });
});

describe('an optimizer', () => {
  class Mine extends tf.SGDOptimizer {}

  it.each([
    [tf.train.sgd(0.5), { type: 'sgd', learningRate: 0.5 }],
    [
      tf.train.momentum(0.5, 0.9, true),
      { type: 'sgd', learningRate: 0.5, momentum: 0.9, nesterov: true },
    ],
    [
      tf.train.adagrad(0.5, 0.2),
      { type: 'adagrad', learningRate: 0.5, initialAccumulatorValue: 0.2 },
    ],
    [
      tf.train.adam(0.5, 0.8, 0.9, 1e-3),
      { type: 'adam', learningRate: 0.5, beta1: 0.8, beta2: 0.9, epsilon: 1e-3 },
    ],
    [
      tf.train.rmsprop(0.5, 0.8),
      {
        type: 'rmsprop',
        learningRate: 0.5,
        rho: 0.8,
        momentum: 0,
        centered: false,
        epsilonInside: true,
        epsilon: 1e-7,
      },
    ],
  ])('%# has its settings on the server', (optimizer, settings) => {
    const form = optimizerForm(tf, optimizer);
    expect(form.settings).toEqual(settings);
    expect(form.notices).toEqual([]);
  });

  it('says where it is not the same', () => {
    expect(optimizerForm(tf, tf.train.adadelta(1)).notices).toHaveLength(1);
    expect(optimizerForm(tf, tf.train.adamax()).notices).toHaveLength(1);
    expect(optimizerForm(tf, tf.train.rmsprop(1, 0.9, 0, 1e-7, true)).notices).toHaveLength(1);
  });

  it("is refused where its class is the program's, whatever it calls itself", () => {
    expect(() => optimizerForm(tf, new Mine(0.1))).toThrow(
      /optimizer Mine is a class of this program/,
    );
  });
});

describe('the arguments of fit', () => {
  it('have its defaults, and enough microbatches for several workers', () => {
    const usual = { batchSize: 32, epochs: 1, initialEpoch: 0, microbatches: 4, shuffle: 'full' };
    expect(readArguments({})).toEqual(usual);
    expect(readArguments({ batchSize: 512 })).toMatchObject({ microbatches: 16 });
    expect(readArguments({ batchSize: 3, shuffle: false })).toMatchObject({
      microbatches: 3,
      shuffle: 'none',
    });
  });

  it.each([
    [{ batchSize: 0 }, /batchSize is 0/],
    [{ epochs: 1.5 }, /epochs is 1.5/],
    [{ stepsPerEpoch: 3 }, /stepsPerEpoch is for datasets/],
    [{ shuffle: 'batch' }, /shuffle is "batch"/],
  ])('%j is refused', (options, words) => {
    expect(() => readArguments(options as never)).toThrow(words);
  });

  it('without a seed give another order each time that the optimizer has moved on', () => {
    expect([0, 10, 2 ** 32 - 42].map(usualSeed)).toEqual([42, 52, 0]);
  });
});

describe('the job of a call', () => {
  const weights = {
    path: 'w',
    sha256: 'a'.repeat(64),
    tensors: [{ name: 'dense_1/kernel', shape: [2, 2] }],
  };
  const definitionOf = (model: ReturnType<typeof dense>) => {
    const measures = readCompiled(tf, model);
    return fitDefinition({
      topology: model.toJSON(null, false) as object,
      outputNames: model.outputNames,
      compiled: measures,
      plan: planLogs(measures, model.metricsNames, ['dense_1']),
      form: optimizerForm(tf, model.optimizer),
      data: { type: 'npy', train: { x: 'x.npy', y: 'y.npy' }, shuffle: 'none' },
      start: { weights },
      numbers: readArguments({ epochs: 5, initialEpoch: 2 }),
      seed: 1,
      saveEvery: 7,
      options: { classWeight: { 0: 1, 1: 2 } },
    });
  };

  it('is data alone where nothing of it is a function, and means the same', () => {
    const { extension, text } = writeJobSource(definitionOf(compiled({ metrics: ['mae'] })));
    const { settings } = parseJob(JSON.parse(text));
    expect(extension).toBe('json');
    expect(settings).toMatchObject({
      ...{
        loss: 'meanSquaredError',
        metrics: ['meanAbsoluteError'],
        batchSize: 32,
        microbatches: 4,
      },
      ...{ until: { epochs: 3 }, evaluation: { batchSize: 32 }, classWeight: { 0: 1, 1: 2 } },
      ...{ optimizer: { type: 'sgd', learningRate: 0.01 }, start: { weights } },
      checkpoint: { everySteps: 7, keep: 2 },
    });
  });

  it('is a module where it calls functions of TensorFlow.js, or registers classes', async () => {
    const model = compiled({ loss: tf.losses.huberLoss });
    const setup = 'data:text/javascript,export function setup(tf) { tf.wasSetUp = true; }';
    const { extension, text } = writeJobSource(definitionOf(model), setup);
    expect(extension).toBe('mjs');
    const url = `data:text/javascript,${encodeURIComponent(text)}`;
    const { default: job } = (await import(url)) as { readonly default: Record<string, never> };
    const loss = job['loss'] as unknown as (...values: unknown[]) => ReturnType<typeof tf.scalar>;
    // |3 - 1| is more than 1: 2 - 1/2.
    expect(loss(tf, tf.tensor1d([1]), tf.tensor1d([3])).dataSync()[0]).toBeCloseTo(1.5, 6);
    const built = { models: tf.models, wasSetUp: false };
    await (job['model'] as unknown as (tf: object) => Promise<unknown>)(built);
    expect(built.wasSetUp).toBe(true);
  });
});

describe('the logs of fit', () => {
  it('are told of several outputs under its names', () => {
    const plan = planLogs(
      { losses: ['meanSquaredError', 'hinge'], metrics: [['accuracy'], []] },
      ['loss', 'a_loss', 'b_loss', 'a_acc'],
      ['dense_1', 'dense_2'],
    );
    expect(plan.metrics).toEqual([['meanSquaredError', 'accuracy'], ['hinge']]);
    const metrics = { dense_1_meanSquaredError: 1, dense_1_accuracy: 0.5, dense_2_hinge: 2 };
    expect(plan.logs({ loss: 3, metrics })).toEqual({ loss: 3, a_loss: 1, b_loss: 2, a_acc: 0.5 });
  });

  it('of an epoch are means by the sizes of its batches, those of the validation first', () => {
    const means = addBatch(addBatch(noMeans, 20, { loss: 1 }), 10, { loss: 4 });
    const logs = epochLogs(means, { loss: 7 });
    expect(Object.entries(logs)).toEqual([
      ['val_loss', 7],
      ['loss', 2],
    ]);
  });

  it('know where a step is: the last batch is smaller', () => {
    const shape = { examples: 45, batchSize: 20, firstEpoch: 3 };
    expect(stepsPerEpoch(shape)).toBe(3);
    expect(placeOf(shape, 3)).toEqual({ epoch: 3, batch: 2, size: 5, isLast: true });
    expect(placeOf(shape, 4)).toEqual({ epoch: 4, batch: 0, size: 20, isLast: false });
  });
});

describe('TensorFlow.js', () => {
  it('is found where it was loaded', () => {
    expect(findTensorFlow(dense(1)).LayersModel).toBe(tf.LayersModel);
  });

  it('is not looked for behind what is no model of it', () => {
    expect(() => findTensorFlow({ job: 'a.ts' })).toThrow(/takes a tf\.LayersModel/);
    expect(() => findTensorFlow({ layers: [] }, {})).toThrow(/not the copy of TensorFlow\.js/);
  });

  it('has the classes that count as built in, and no other', () => {
    const { classNameMap } = tf.serialization.SerializationMap.getMap();
    const names = Object.keys(classNameMap);
    expect(ownClasses(names.map((name) => ({ class_name: name })))).toEqual([]);
    const text = readFileSync(new URL('../../src/fit/own-classes.ts', import.meta.url), 'utf8');
    const [, list = ''] = /`\n([^`]*)`/.exec(text) ?? [];
    expect(list.trim().split(/\s+/).sort()).toEqual(names.sort());
  });
});

describe('a call', () => {
  it('names a module that exports what sets up the workers', async () => {
    const url = 'data:text/javascript,export function setup() {}';
    expect(await findSetup(url)).toBe(url);
    await expect(findSetup('data:text/javascript,export default 1')).rejects.toThrow(
      /has no export setup/,
    );
    await expect(findSetup('nowhere.js')).rejects.toThrow(/cannot be loaded/);
  });

  it('is refused after layers were frozen without a new compile()', async () => {
    const model = compiled({});
    for (const layer of model.layers) layer.trainable = false;
    await expect(readCall(model, { x: [[1, 2]], y: [[1, 2]] }, {})).rejects.toThrow(
      /Call model\.compile\(\) once more/,
    );
  });

  it('says what a model and its labels disagree about', async () => {
    const model = compiled({});
    await expect(readCall(model, { x: [[1, 2]], y: [1] }, {})).rejects.toThrow(
      /takes examples of shape \[2\], the data has \[1\]/,
    );
    await expect(readCall(model, undefined as never, {})).rejects.toThrow(
      /takes the data as \{ x, y \}/,
    );
  });
});

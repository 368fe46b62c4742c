import { mostInlineNumbers, parseJob, parseSettings } from '@paceline/protocol';
import { describe, expect, it } from 'vitest';

import { linesOf, model, plain } from '../support/jobs.ts';

describe('a job', () => {
  it('gets every default that it leaves open', () => {
    expect(parseJob(plain).settings).toEqual({
      name: 'job',
      model: { type: 'function' },
      loss: 'meanSquaredError',
      metrics: [],
      data: { type: 'mnist', flatten: false },
      optimizer: {
        type: 'sgd',
        learningRate: 0.01,
        momentum: 0,
        nesterov: false,
        dampening: 0,
        weightDecay: 0,
        decoupledWeightDecay: false,
      },
      schedule: { type: 'constant', warmupSteps: 0, warmup: 'linear', warmupFrom: 0 },
      batchSize: 256,
      microbatches: 8,
      until: { epochs: 1 },
      evaluation: { batchSize: 250, everyEpochs: 1 },
      seed: 42,
      backend: 'auto',
      threads: 1,
      reproducibility: 'bitwise',
      nonFinite: 'fail',
      bucketBytes: 1_048_576,
      checkpoint: { keep: 3 },
    });
  });

  it.each([
    [1, 1],
    [47, 1],
    [48, 2],
    [128, 4],
    [256, 8],
    [1_000_000, 4096],
  ])(
    'of batch size %i is cut into %i microbatches unless it says otherwise',
    (batchSize, count) => {
      expect(parseJob({ ...plain, batchSize }).settings.microbatches).toBe(count);
    },
  );

  it('is frozen to its depths', () => {
    const { declared, settings } = parseJob({ ...plain, metrics: ['accuracy'] });
    for (const part of [declared, settings, settings.optimizer, settings.metrics, settings.until]) {
      expect(Object.isFrozen(part)).toBe(true);
    }
  });

  it('leaves what its author holds unfrozen', () => {
    const topology = { class_name: 'Sequential', config: { layers: [] } };
    parseJob({ ...plain, model: { type: 'layers', topology } });
    expect(Object.isFrozen(topology)).toBe(false);
    expect(Object.isFrozen(topology.config)).toBe(false);
  });

  it('takes its name from itself, else from the options', () => {
    expect(parseJob(plain, { name: 'mnist-mlp' }).settings.name).toBe('mnist-mlp');
    expect(parseJob({ ...plain, name: 'mine' }, { name: 'file' }).settings.name).toBe('mine');
  });

  it('knows losses and metrics by their short names too', () => {
    const { settings } = parseJob({ ...plain, loss: 'mse', metrics: ['mae', 'acc'] });
    expect(settings).toMatchObject({
      loss: 'meanSquaredError',
      metrics: ['meanAbsoluteError', 'accuracy'],
    });
  });

  it('comes out of the check of plain settings as it went in', () => {
    const { settings } = parseJob({ ...plain, loss: () => 0, metrics: ['accuracy', () => 1] });
    expect(parseSettings(JSON.parse(JSON.stringify(settings)))).toEqual(settings);
  });
});

it('takes the JSON of a model for the model', () => {
  const topology = { class_name: 'Sequential', config: { name: 'sequential_1', layers: [] } };
  expect(parseJob({ ...plain, model: topology }).settings.model).toEqual({
    type: 'layers',
    topology,
  });
});

describe('what cannot travel', () => {
  it('is replaced by markers and kept beside the settings', () => {
    const loss = (): number => 0;
    const metric = (): number => 1;
    const data = (): unknown => undefined;
    const { settings, functions } = parseJob({ model, loss, metrics: ['accuracy', metric], data });
    expect(settings).toMatchObject({
      model: { type: 'function' },
      loss: { $local: 'function' },
      metrics: ['accuracy', { $local: 'function' }],
      data: { type: 'function' },
    });
    expect(functions).toEqual({ model, loss, metrics: [undefined, metric], data });
  });

  it('of the functional form are its parameters and its loss', () => {
    const loss = (): number => 0;
    const parameters = { w: { shape: [2], init: 'zeros' } };
    const predict = (): number => 0;
    const form = { parameters, loss, predict, data: { type: 'linear' } };
    const { settings, functions } = parseJob(form);
    expect(settings.model).toEqual({ type: 'parameters' });
    expect(settings.loss).toEqual({ $local: 'function' });
    expect(functions).toEqual({ parameters, loss, predict });
    expect(linesOf({ ...plain, predict })).toEqual(['predict: unknown field']);
  });

  it('is kept for each output that has a loss of its own', () => {
    const own = (): number => 0;
    const byName = parseJob({ ...plain, loss: { a: 'mse', b: own } });
    expect(byName.settings.loss).toEqual({ a: 'meanSquaredError', b: { $local: 'function' } });
    expect(byName.functions.loss).toEqual({ a: 'meanSquaredError', b: own });
    const inOrder = parseJob({ ...plain, loss: [own, own] }, { set: ['loss.0=huber'] });
    expect(inOrder.settings.loss).toEqual(['huber', { $local: 'function' }]);
    expect(inOrder.functions.loss).toEqual(['huber', own]);
    expect(parseJob({ ...plain, loss: ['mse', 'mae'] }).functions.loss).toBeUndefined();
  });

  it('may be data of a type of their own, which then stays as it is', () => {
    const data = { type: 'function', train: { examples: 3, read: () => undefined } };
    const { settings, functions } = parseJob({ ...plain, data });
    expect(settings.data).toEqual({ type: 'function' });
    expect(functions.data).toBe(data);
  });

  it('of a compiled model is its loss, and its metrics unless the job names some', () => {
    const compiled = { model, data: { type: 'mnist' } };
    const marker = { $local: 'compiled' };
    expect(parseJob(compiled).settings).toMatchObject({ loss: marker, metrics: [marker] });
    const named = parseJob({ ...compiled, metrics: ['accuracy'] });
    expect(named.settings).toMatchObject({ loss: marker, metrics: ['accuracy'] });
  });

  it('are typed arrays and long lists; short lists of numbers travel', () => {
    const data = {
      type: 'arrays',
      train: { x: { a: new Float32Array(4), b: [[1], [2]] }, y: [1, 2] },
    };
    const { settings, functions } = parseJob({ model, loss: 'mse', data });
    expect(settings.data).toEqual({
      type: 'arrays',
      train: { x: { a: { $local: 'array' }, b: [[1], [2]] }, y: [1, 2] },
    });
    expect(functions.data).toBe(data);

    const list = (count: number): number[] => new Array<number>(count).fill(0);
    const split = (count: number): object => ({ x: list(count), y: [0] });
    const parse = (count: number) =>
      parseJob({ model, loss: 'mse', data: { type: 'arrays', train: split(count) } });
    expect(parse(mostInlineNumbers).functions.data).toBeUndefined();
    expect(parse(mostInlineNumbers + 1).settings.data).toMatchObject({
      train: { x: { $local: 'array' } },
    });
  });
});

describe('a wrong job', () => {
  it('has one line for each wrong field, with name, value, rule and the nearest right name', () => {
    const wrong = {
      model,
      los: 'mse',
      loss: 'categoricalCrossentropi',
      metrics: ['acuracy'],
      data: { type: 'mnst' },
      optimizer: { type: 'sgd', learningrate: 1, momentum: 2, nesterov: 'yes' },
      learningRate: 3,
      batchSize: 'many',
      seed: -1,
      backend: 'gpu',
    };
    expect(linesOf(wrong)).toEqual([
      'loss: must be the name of a loss or a function, or one for each output, got "categoricalCrossentropi"; did you mean categoricalCrossentropy?',
      'metrics.0: must be the name of a metric or a function, got "acuracy"; did you mean accuracy?',
      'data.type: must be one of mnist, cifar10, idx, linear, arrays, csv, jsonLines, npy, npz, parquet, images, text, function, got "mnst"',
      'optimizer.momentum: must be a number >= 0 and < 1, got 2',
      'optimizer.nesterov: must be true or false, got "yes"',
      'optimizer.learningrate: unknown field; did you mean optimizer.learningRate?',
      'batchSize: must be a whole number >= 1, got "many"',
      'seed: must be a whole number from 0 to 4294967295, got -1',
      'backend: must be one of auto, tensorflow, wasm, cpu, got "gpu"',
      'los: unknown field; did you mean loss?',
      'learningRate: unknown field; did you mean optimizer.learningRate?',
    ]);
  });

  it.each([
    [
      { batchSize: 8, microbatches: 9 },
      'microbatches: must be at most batchSize: every microbatch needs an example, got 9',
    ],
    [{ microbatches: 4097 }, 'microbatches: must be a whole number from 1 to 4096, got 4097'],
    [{ bucketBytes: 6 }, 'bucketBytes: must be a multiple of 4, got 6'],
    [
      { until: {} },
      'until: must have epochs, steps, seconds, target, converged or earlyStopping, got {}',
    ],
    [
      { name: '../x' },
      'name: must be 1 to 64 letters, digits, ".", "_" or "-", a letter or digit first, got "../x"',
    ],
    [
      { optimizer: { type: 'sgd', nesterov: true } },
      'optimizer.nesterov: must be false without momentum, got true',
    ],
    [
      { optimizer: { type: 'sgd', learningRate: Infinity } },
      'optimizer.learningRate: must be a number > 0, got Infinity',
    ],
    [{ parameters: {} }, 'parameters: must be left out of a job that has a model'],
    [
      { data: { type: 'arrays', train: { x: [[1], [2, 3]], y: [1, 2] } } },
      'data.train.x: must be a list of numbers of one shape, examples first, or several by name, got [[1],[2,3]]',
    ],
  ])('is told the rule: %j', (change, line) => {
    expect(linesOf({ ...plain, ...change })).toEqual([line]);
  });

  it.each([
    [undefined, 'a job is an object, as defineJob({ ... }) gives it; got undefined'],
    [() => 1, 'a job is an object, as defineJob({ ... }) gives it; got a function'],
    [[1], 'a job is an object, as defineJob({ ... }) gives it; got [1]'],
  ])('is refused when it is no object: %s', (definition, line) => {
    expect(linesOf(definition)).toEqual([line]);
  });

  it('is told what is missing', () => {
    expect(linesOf({})).toEqual([
      'model: is missing; must be a function (tf) => LayersModel, or { type: "layers", topology }',
      'loss: is missing; must be the name of a loss or a function, or one for each output',
      'data: is missing; must be data such as { type: "mnist" }, or a function',
    ]);
  });

  it('carries its problems as data', () => {
    const parse = () => parseJob({ ...plain, batchsize: 1 });
    expect(parse).toThrow(
      expect.objectContaining({
        code: 'invalid-job',
        problems: [{ path: 'batchsize', value: 1, rule: 'unknown field', nearest: 'batchSize' }],
      }),
    );
  });
});

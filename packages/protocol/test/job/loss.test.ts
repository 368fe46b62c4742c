import { parseJob, parseSettings } from '@paceline/protocol';
import { describe, expect, it } from 'vitest';

import { linesOf, plain } from '../support/jobs.ts';

describe('a loss, and a metric,', () => {
  it.each([
    ['MSE', 'meanSquaredError'],
    ['MAPE', 'meanAbsolutePercentageError'],
    ['mean_squared_logarithmic_error', 'meanSquaredLogarithmicError'],
    ['KLD', 'kullbackLeiblerDivergence'],
    ['kl_divergence', 'kullbackLeiblerDivergence'],
    ['cosine', 'cosineProximity'],
    ['cosine_similarity', 'cosineProximity'],
    ['log_cosh', 'logcosh'],
    ['binaryCrossEntropy', 'binaryCrossentropy'],
  ])('may be spelled as in TensorFlow.js and in Keras: %s is %s', (spelled, name) => {
    const { settings } = parseJob({ ...plain, loss: spelled, metrics: [spelled] });
    expect(settings).toMatchObject({ loss: name, metrics: [name] });
  });
});

describe('weights of losses', () => {
  it('are by output and by class; sampleWeight stands beside x and y', () => {
    const split = { x: [[1], [2]], y: [0, 1], sampleWeight: [1, 0.5] };
    const change = {
      lossWeights: [1, 0.5],
      classWeight: { 0: 1, 1: 5 },
      data: { type: 'arrays', train: split },
    };
    expect(parseJob({ ...plain, ...change }).settings).toMatchObject(change);
    const byName = { lossWeights: { a: 2 }, classWeight: { a: { 0: 1, 1: 5 } } };
    const { settings } = parseJob({ ...plain, ...byName });
    expect(settings).toMatchObject(byName);
    expect(parseSettings(JSON.parse(JSON.stringify(settings)))).toEqual(settings);
  });

  it('that are none are refused, and those of a job whose loss is a function of parameters', () => {
    expect(linesOf({ ...plain, lossWeights: [-1] })).toEqual([
      'lossWeights.0: must be a number >= 0, got -1',
    ]);
    expect(linesOf({ ...plain, lossWeights: 2 })).toEqual([
      'lossWeights: must be numbers >= 0: a list, one for each output, or by the names of the outputs, got 2',
    ]);
    expect(linesOf({ ...plain, classWeight: { 0: 'much' } })).toEqual([
      'classWeight: must be numbers >= 0 by the numbers of the classes, as { 0: 1, 1: 5 }; ' +
        'for several outputs one such object each, got {"0":"much"}',
    ]);
    const form = {
      parameters: { w: { shape: [], init: 'zeros' } },
      loss: () => 0,
      data: plain.data,
    };
    expect(linesOf({ ...form, lossWeights: [1], classWeight: { 0: 1 } })).toEqual([
      'lossWeights: must be left out of a job that has parameters: its loss is a function, got [1]',
      'classWeight: must be left out of a job that has parameters: its loss is a function, got {"0":1}',
    ]);
  });
});

describe('metrics', () => {
  it('are for every output, or for each by its name; functions are kept at their places', () => {
    const own = (): number => 1;
    const metrics = { a: ['acc', own], b: 'MSE', c: own };
    const { settings, functions } = parseJob({ ...plain, metrics });
    const local = { $local: 'function' };
    expect(settings.metrics).toEqual({
      a: ['accuracy', local],
      b: ['meanSquaredError'],
      c: [local],
    });
    expect(functions.metrics).toEqual({ a: [undefined, own], b: [undefined], c: [own] });
    expect(parseSettings(JSON.parse(JSON.stringify(settings)))).toEqual(settings);
  });

  it('that are none are refused, and those by name where there are no outputs', () => {
    expect(linesOf({ ...plain, metrics: { a: ['acuracy'] } })).toEqual([
      'metrics.a.0: must be the name of a metric or a function, got "acuracy"; did you mean accuracy?',
    ]);
    const form = {
      parameters: { w: { shape: [], init: 'zeros' } },
      loss: () => 0,
      data: plain.data,
    };
    expect(linesOf({ ...form, metrics: { a: ['mae'] } })).toEqual([
      'metrics: must be a list in a job that has parameters: it has no outputs with names, got {"a":["mae"]}',
    ]);
  });
});

import { describe, expect, it } from 'vitest';

import { createRandom } from '../../src/random.ts';
import type { OptimizerSettings } from '../../src/optimizer/registry.ts';
import { bitsOf } from '../support/floats.ts';
import { openRun, tensorsOf } from '../support/optimizer-run.ts';
import type { OptimizerRun } from '../support/optimizer-run.ts';
import { settingsOf } from '../support/optimizer-settings.ts';

/** A matrix of more than two blocks of a norm, a bias, a convolution, a scalar, nothing, and a tensor that ends in a block. */
const shapes = {
  'a/w': [70, 33],
  'a/b': [33],
  'c/w': [3, 2, 4, 5],
  s: [],
  none: [0, 4],
  'd/b': [1030],
};
const tensors = tensorsOf(shapes);
const size = tensors.reduce((sum, { shape }) => sum + shape.reduce((a, b) => a * b, 1), 0);
const random = createRandom(5);
const numbers = (scale: number): Float32Array =>
  Float32Array.from({ length: size }, () => scale * (2 * random.uniform() - 1));
const initial = numbers(1);
const gradients = Array.from({ length: 6 }, (_, i) => numbers(i === 3 ? 20 : 1));

const groups = [
  { match: ['*/b', 's'], weightDecay: 0, adaptLayers: false },
  { match: 'c/*', learningRateFactor: 0.5 },
];
const all: readonly OptimizerSettings[] = [
  settingsOf({ type: 'sgd' }),
  settingsOf({ type: 'sgd', momentum: 0.9, dampening: 0.1, weightDecay: 0.1 }),
  settingsOf({ type: 'adagrad', weightDecay: 0.1, decoupledWeightDecay: true }),
  settingsOf({ type: 'rmsprop', centered: true, momentum: 0.9 }),
  settingsOf({ type: 'adadelta' }),
  settingsOf({ type: 'adam', amsgrad: true }),
  settingsOf({ type: 'adamw', groups }),
  settingsOf({ type: 'adamax' }),
  settingsOf({ type: 'nadam' }),
  settingsOf({ type: 'lion', weightDecay: 0.1 }),
  settingsOf({ type: 'lars', weightDecay: 0.1, groups }),
  settingsOf({ type: 'lamb', weightDecay: 0.1, groups }),
  settingsOf({ type: 'adafactor', learningRate: 0.1, weightDecay: 0.1 }),
  settingsOf({ type: 'sgd', clip: { value: 0.9, norm: 10, globalNorm: 15 } }),
  settingsOf({ type: 'adam', clip: { globalNorm: 1 }, average: { decay: 0.99, warmup: true } }),
  settingsOf({ type: 'lamb', clip: { norm: 1 }, average: { decay: 0.9, warmup: false } }),
];
const named = all.map((settings) => ({ settings, title: JSON.stringify(settings).slice(0, 160) }));

const open = (settings: OptimizerSettings, bucketBytes = 2 ** 20): OptimizerRun =>
  openRun({ settings, tensors, initial, bucketBytes });

function trainOn(run: OptimizerRun, which: readonly Float32Array[]): Float32Array {
  let last: Float32Array = new Float32Array();
  for (const gradient of which) last = run.step(gradient, { scale: Math.fround(1 / 3) });
  return last;
}

describe('each optimizer', () => {
  it.each(named)('has the same bits however the vector is cut: $title', ({ settings }) => {
    const whole = open(settings);
    const expected = bitsOf(trainOn(whole, gradients));
    for (const bucketBytes of [4 * 37, 4 * 133, 4096, 4 * 1025]) {
      const cut = open(settings, bucketBytes);
      expect(bitsOf(trainOn(cut, gradients))).toEqual(expected);
      expect(cut.state()).toEqual(whole.state());
    }
  });

  it.each(named)('goes on in the middle with the same bits: $title', ({ settings }) => {
    const expected = bitsOf(trainOn(open(settings), gradients));
    const first = open(settings);
    const parameters = trainOn(first, gradients.slice(0, 3));
    const second = open(settings, 4096);
    second.restore(parameters, first.state(), 3);
    expect(bitsOf(trainOn(second, gradients.slice(3)))).toEqual(expected);
  });

  it.each(named)('moves every parameter: $title', ({ settings }) => {
    const after = trainOn(open(settings), gradients.slice(0, 1));
    expect(after.filter((value, i) => value === initial[i]).length).toBeLessThan(size / 50);
  });

  it.each(named)('stays where it is, but for decay, without gradients: $title', ({ settings }) => {
    const after = trainOn(open({ ...settings, weightDecay: 0, groups: [] }), [
      new Float32Array(size),
    ]);
    expect(bitsOf(after)).toEqual(bitsOf(initial));
  });
});

import { describe, expect, it } from 'vitest';

import { createOptimizer, optimizerTypes } from '../../src/optimizer/registry.ts';
import type { OptimizerSettings } from '../../src/optimizer/registry.ts';
import { settingsOf, usualSettings } from '../support/optimizer-settings.ts';

const passesOf = (settings: OptimizerSettings): number => createOptimizer(settings).passes.length;

describe('createOptimizer', () => {
  it('creates the member that the settings name', () => {
    expect(optimizerTypes).toEqual(Object.keys(usualSettings));
    for (const settings of Object.values(usualSettings)) {
      expect(createOptimizer(settings).type).toBe(settings.type);
    }
  });

  it('gives each member the state that it needs, and an average its slot behind it', () => {
    const slotsOf = (settings: OptimizerSettings): readonly string[] =>
      createOptimizer(settings).slots;
    expect(slotsOf(settingsOf({ type: 'sgd' }))).toEqual([]);
    expect(slotsOf(settingsOf({ type: 'sgd', momentum: 0.9 }))).toEqual(['velocity']);
    expect(slotsOf(settingsOf({ type: 'adam', amsgrad: true }))).toEqual([
      'mean',
      'variance',
      'largest-variance',
    ]);
    expect(slotsOf(settingsOf({ type: 'lion', average: { decay: 0.9, warmup: true } }))).toEqual([
      'mean',
      'average',
    ]);
    const { slots, tensorSlots } = createOptimizer(settingsOf({ type: 'adafactor' }));
    expect(slots).toEqual([]);
    expect(tensorSlots.map(({ name }) => name)).toEqual([
      'row-means',
      'column-means',
      'mean-squares',
    ]);
  });

  it('needs all sums at once only where a norm is taken', () => {
    for (const type of ['sgd', 'adagrad', 'rmsprop', 'adadelta', 'adam', 'lion'] as const) {
      expect(
        passesOf(settingsOf({ type, clip: { value: 1 }, average: { decay: 0.9, warmup: false } })),
      ).toBe(1);
    }
    expect(passesOf(settingsOf({ type: 'sgd', clip: { norm: 1 } }))).toBe(2);
    expect(passesOf(settingsOf({ type: 'sgd', clip: { norm: 1, globalNorm: 1 } }))).toBe(3);
    expect(passesOf(settingsOf({ type: 'lars' }))).toBe(2);
    expect(passesOf(settingsOf({ type: 'lamb' }))).toBe(2);
    expect(passesOf(settingsOf({ type: 'adafactor' }))).toBe(3);
  });

  it.each(['ftrl', 'toString', '__proto__'])('refuses the type %s in words', (type) => {
    const settings = { ...usualSettings.sgd, type: type as 'sgd' };
    expect(() => createOptimizer(settings)).toThrow(
      expect.objectContaining({
        code: 'unknown-optimizer',
        message: `no optimizer "${type}"; there is ${optimizerTypes.join(', ')}`,
      }),
    );
  });

  it.each([
    [{ type: 'adam', beta1: 1 }, 'adam: beta1 must be in [0, 1), got 1'],
    [{ type: 'adamw', weightDecay: -1 }, 'adamw: weightDecay must be >= 0, got -1'],
    [{ type: 'rmsprop', rho: NaN }, 'rmsprop: rho must be in [0, 1), got NaN'],
    [{ type: 'adadelta', epsilon: 0 }, 'adadelta: epsilon must be > 0, got 0'],
    [{ type: 'adagrad', initialAccumulatorValue: -1 }, 'initialAccumulatorValue must be >= 0'],
    [{ type: 'lars', nesterov: true, momentum: 0 }, 'lars: nesterov needs a momentum'],
    [{ type: 'lamb', learningRate: 0 }, 'lamb: learningRate must be > 0, got 0'],
    [{ type: 'adafactor', beta2Decay: 0 }, 'adafactor: beta2Decay must be < 0, got 0'],
    [{ type: 'sgd', clip: { norm: 0 } }, 'clip: norm must be > 0, got 0'],
    [{ type: 'sgd', average: { decay: 1, warmup: false } }, 'average: decay must be in [0, 1)'],
    [
      { type: 'sgd', groups: [{ match: '*', learningRateFactor: -1 }] },
      'groups: learningRateFactor must be >= 0, got -1',
    ],
  ] as const)('refuses %j', (settings, words) => {
    expect(() => createOptimizer(settingsOf(settings))).toThrow(words);
  });
});

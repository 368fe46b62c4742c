import { describe, expect, it } from 'vitest';

import { groupOf, idlePatterns } from '../../src/optimizer/groups.ts';
import type { OptimizerSettings } from '../../src/optimizer/registry.ts';
import { wholePower } from '../../src/optimizer/powers.ts';
import { openRun, tensorsOf } from '../support/optimizer-run.ts';
import type { OptimizerRun } from '../support/optimizer-run.ts';
import { settingsOf } from '../support/optimizer-settings.ts';

// Two tensors with norms that are whole: |a| = 5, |b| = 13.
const tensors = tensorsOf({ a: [2], b: [2] });
const initial = [3, 4, 5, 12];
const open = (settings: OptimizerSettings): OptimizerRun => openRun({ settings, tensors, initial });
const expectNear = (values: ArrayLike<number>, expected: readonly number[]): void => {
  expect(values).toHaveLength(expected.length);
  expected.forEach((value, i) => {
    expect(values[i]).toBeCloseTo(value, 6);
  });
};

describe('lars', () => {
  const settings = settingsOf({
    ...{ type: 'lars', learningRate: 0.1, momentum: 0.5, weightDecay: 0.2, trustCoefficient: 0.01 },
  });

  it('moves each tensor by a rate of its own: lr x eta x |p| / (|g| + wd |p|)', () => {
    // |g| = 10 and 1: rates 0.1 x 0.01 x 5 / (10 + 1) and 0.1 x 0.01 x 13 / (1 + 2.6).
    const [rateA, rateB] = [0.005 / 11, 0.013 / 3.6];
    const expected = [
      3 - rateA * (6 + 0.6),
      4 - rateA * (8 + 0.8),
      5 - rateB * (0.6 + 1),
      12 - rateB * (0.8 + 2.4),
    ];
    expectNear(open(settings).step([6, 8, 0.6, 0.8]), expected);
  });

  it('takes the norm of the mean gradient, not of its sum', () => {
    const sum = open(settings).step([12, 16, 1.2, 1.6], { scale: 0.5 });
    expect([...sum]).toEqual([...open(settings).step([6, 8, 0.6, 0.8])]);
  });

  it('is sgd for tensors that are not adapted', () => {
    const plain = settingsOf({ ...settings, adaptLayers: false });
    const decay = { weightDecay: 0.2, decoupledWeightDecay: false };
    const sgd = settingsOf({ type: 'sgd', learningRate: 0.1, momentum: 0.5, ...decay });
    const gradient = [1, -1, 2, 0.5];
    expectNear(open(plain).step(gradient), [...open(sgd).step(gradient)]);
  });
});

describe('lamb', () => {
  it('moves each tensor by lr x its norm in the direction of Adam and the decay', () => {
    const settings = settingsOf({ type: 'lamb', learningRate: 0.1, weightDecay: 0.5, epsilon: 0 });
    // In the first step Adam's direction is the sign: u = sign(g) + 0.5 p.
    const after = open(settings).step([1, -2, 3, 4]);
    const [a, b] = [Math.hypot(2.5, 1), Math.hypot(3.5, 7)];
    expectNear(after, [
      3 - ((0.1 * 5) / a) * 2.5,
      4 - ((0.1 * 5) / a) * 1,
      5 - ((0.1 * 13) / b) * 3.5,
      12 - ((0.1 * 13) / b) * 7,
    ]);
  });
});

describe('clipping', () => {
  const sgd = { type: 'sgd', learningRate: 1 } as const;
  const moves = (clip: OptimizerSettings['clip'], gradient: readonly number[]): number[] => {
    const after = open(settingsOf({ ...sgd, clip })).step(gradient);
    return initial.map((value, i) => value - (after[i] ?? NaN));
  };

  it('bounds elements, tensors, and everything, in this order', () => {
    const gradient = [0.5, -2, 0, 1];
    expectNear(moves({ value: 1 }, gradient), [0.5, -1, 0, 1]);
    const norm = Math.hypot(0.5, 2);
    expectNear(moves({ norm: 1 }, gradient), [0.5 / norm, -2 / norm, 0, 1]);
    const all = Math.hypot(0.5, 2, 1);
    expectNear(moves({ globalNorm: 1 }, gradient), [0.5 / all, -2 / all, 0, 1 / all]);
    const value = Math.hypot(0.5, 1);
    const both = Math.hypot(1, 1);
    expectNear(moves({ value: 1, norm: 1, globalNorm: 1 }, gradient), [
      ...[0.5 / value / both, -1 / value / both, 0, 1 / both],
    ]);
  });

  it('leaves alone what is inside of the bounds', () => {
    expectNear(moves({ value: 3, norm: 3, globalNorm: 3 }, [0.5, -2, 0, 1]), [0.5, -2, 0, 1]);
  });
});

describe('groups', () => {
  const match = (pattern: string, name: string): boolean =>
    groupOf([{ match: pattern }], name) !== undefined;

  it('match whole names, with * for any characters and nothing else special', () => {
    expect(match('dense_1/bias', 'dense_1/bias')).toBe(true);
    expect(match('*/bias', 'dense_1/bias')).toBe(true);
    expect(match('dense_*', 'dense_1/bias')).toBe(true);
    expect(match('d*_*s', 'dense_1/bias')).toBe(true);
    expect(match('bias', 'dense_1/bias')).toBe(false);
    expect(match('dense.1/bias', 'dense_1/bias')).toBe(false);
    expect(match('(dense|x)*', 'dense_1/bias')).toBe(false);
  });

  it('have the first one that matches', () => {
    const groups = [
      { match: ['x', 'a*'], weightDecay: 0 },
      { match: '*', weightDecay: 1 },
    ];
    expect(groupOf(groups, 'ab')).toBe(groups[0]);
    expect(groupOf(groups, 'b')).toBe(groups[1]);
    expect(groupOf([], 'b')).toBeUndefined();
  });

  it('with patterns for nothing are found', () => {
    const groups = [{ match: ['*/bais', 'a/*'] }, { match: 'c' }];
    expect(idlePatterns(groups, ['a/bias', 'b/bias'])).toEqual(['*/bais', 'c']);
  });

  it('give their parameters a learning rate and a decay of their own', () => {
    const settings = settingsOf({
      ...{ type: 'sgd', learningRate: 0.5, weightDecay: 0.1, decoupledWeightDecay: true },
      groups: [{ match: 'b', weightDecay: 0, learningRateFactor: 0.1 }],
    });
    const after = open(settings).step([1, 1, 1, 1]);
    expectNear(after, [3 - 0.15 - 0.5, 4 - 0.2 - 0.5, 5 - 0.05, 12 - 0.05]);
  });
});

describe('the average', () => {
  it('begins at the parameters and follows them, at first closely', () => {
    const settings = settingsOf({
      ...{ type: 'sgd', learningRate: 1, average: { decay: 0.5, warmup: true } },
    });
    const run = open(settings);
    run.step([1, 0, 0, 0]); // decay 1 / 10: 3 x 0.1 + 2 x 0.9
    expectNear(run.state()['average'] ?? [], [2.1, 4, 5, 12]);
    run.step([1, 0, 0, 0]); // decay 2 / 11: 2.1 x 2 / 11 + 1 x 9 / 11
    expectNear(run.state()['average'] ?? [], [(2.1 * 2 + 9) / 11, 4, 5, 12]);
  });

  it('keeps its share without warm-up', () => {
    const average = { decay: 0.9, warmup: false };
    const run = open(settingsOf({ type: 'sgd', learningRate: 1, average }));
    run.step([1, 0, 0, 0]);
    expectNear(run.state()['average'] ?? [], [2.9, 4, 5, 12]);
  });
});

describe('wholePower', () => {
  it.each([0, 1, 2, 3, 10, 1000, 123457])('has 0.999 to the power of %i', (exponent) => {
    expect(wholePower(0.999, exponent) / 0.999 ** exponent).toBeCloseTo(1, 11);
  });
});

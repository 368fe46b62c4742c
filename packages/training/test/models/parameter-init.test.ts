import { describe, expect, it } from 'vitest';
import { initialValues } from '../../src/models/parameter-init.ts';
import type { ParameterInit } from '../../src/models/parameter-init.ts';

const shape = [100, 300];
const draw = (init: ParameterInit, key = { seed: 1, index: 0 }): Float32Array =>
  initialValues('W', { shape, init }, key);

function moments(values: Float32Array): { mean: number; variance: number } {
  const mean = values.reduce((sum, v) => sum + v, 0) / values.length;
  return { mean, variance: values.reduce((sum, v) => sum + (v - mean) ** 2, 0) / values.length };
}

describe('initial values', () => {
  it.each([
    ['glorotNormal', 2 / 400],
    ['glorotUniform', 2 / 400],
    ['heNormal', 2 / 100],
    ['heUniform', 2 / 100],
    ['lecunNormal', 1 / 100],
    ['lecunUniform', 1 / 100],
    ['normal', 0.0025],
    ['uniform', 0.0025 / 3],
  ] as const)('%s have mean 0 and the variance of their paper', (init, variance) => {
    const found = moments(draw(init));
    expect(Math.abs(found.mean)).toBeLessThan(4 * Math.sqrt(variance / 30_000));
    expect(found.variance / variance).toBeGreaterThan(0.96);
    expect(found.variance / variance).toBeLessThan(1.04);
  });

  it('count the window of a convolution in its fans', () => {
    const kernel = initialValues(
      'W',
      { shape: [5, 5, 40, 60], init: 'heNormal' },
      { seed: 1, index: 0 },
    );
    expect(moments(kernel).variance / (2 / 1000)).toBeCloseTo(1, 1);
  });

  it('are keyed by seed and index', () => {
    expect(draw('normal')).toEqual(draw('normal'));
    expect(draw('normal')).not.toEqual(draw('normal', { seed: 1, index: 1 }));
    expect(draw('normal')).not.toEqual(draw('normal', { seed: 2, index: 0 }));
  });

  it('may be a number, a list, or a distribution with its numbers', () => {
    expect(new Set(draw(0.5))).toEqual(new Set([0.5]));
    expect(new Set(draw({ type: 'constant', value: 2 }))).toEqual(new Set([2]));
    expect(moments(draw({ type: 'normal', mean: 3, standardDeviation: 0.5 })).mean).toBeCloseTo(
      3,
      1,
    );
    const uniform = draw({ type: 'uniform', least: 2, most: 4 });
    expect(Math.min(...uniform)).toBeGreaterThanOrEqual(2);
    expect(Math.max(...uniform)).toBeLessThanOrEqual(4);
    expect(initialValues('b', { shape: [2], init: [7, 8] }, { seed: 1, index: 0 })).toEqual(
      Float32Array.of(7, 8),
    );
  });
});

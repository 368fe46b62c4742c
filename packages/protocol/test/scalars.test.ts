import { summarise } from '@paceline/protocol';
import { describe, expect, it } from 'vitest';

const names = ['weight', 'loss', 'accuracy', 'meanAbsoluteError'];

describe('the summary of scalars', () => {
  it('divides each sum by the weight', () => {
    const sums = Float32Array.of(8, 2, 6, 1);
    expect(summarise(names, sums)).toEqual({
      loss: 0.25,
      metrics: { accuracy: 0.75, meanAbsoluteError: 0.125 },
    });
  });

  it('is of numbers of double precision', () => {
    expect(summarise(['weight', 'loss'], Float32Array.of(3, 1)).loss).toBe(1 / 3);
  });

  it('is not a number without weight', () => {
    expect(summarise(['weight', 'loss'], Float32Array.of(0, 0))).toEqual({
      loss: NaN,
      metrics: {},
    });
  });

  it('makes a ratio of a part and a whole, 0 of nothing', () => {
    const several = ['accuracy', 'a_precision:ratio:part', 'a_precision:ratio:whole', 'mae'];
    const metrics = (...sums: number[]): unknown =>
      summarise(['weight', 'loss', ...several], Float32Array.of(8, 2, ...sums)).metrics;
    expect(metrics(4, 3, 5, 2)).toEqual({ accuracy: 0.5, a_precision: 0.6, mae: 0.25 });
    expect(metrics(4, 0, 0, 2)).toEqual({ accuracy: 0.5, a_precision: 0, mae: 0.25 });
  });

  it('makes a coefficient of determination of four sums', () => {
    const parts = ['residuals', 'values', 'squares', 'count'].map((part) => `r2Score:r2:${part}`);
    // Labels 1, 2, 3, 6, predictions 1, 2, 3, 4: residuals 4, spread 50 - 144 / 4 = 14.
    const sums = Float32Array.of(2, 0, 4, 12, 50, 4);
    expect(summarise(['weight', 'loss', ...parts], sums).metrics).toEqual({ r2Score: 1 - 4 / 14 });
  });

  it('of a sum that is missing is not a number', () => {
    const alone = ['weight', 'loss', 'precision:ratio:part'];
    expect(summarise(alone, Float32Array.of(1, 1, 1)).metrics).toEqual({ precision: NaN });
  });

  it('refuses other scalars than the named ones', () => {
    expect(() => summarise(names, Float32Array.of(1, 2))).toThrow(/4 scalars have names, got 2/);
    expect(() => summarise(['loss', 'weight'], Float32Array.of(1, 2))).toThrow(RangeError);
  });
});

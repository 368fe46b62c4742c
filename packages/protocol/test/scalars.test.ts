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

  it('refuses other scalars than the named ones', () => {
    expect(() => summarise(names, Float32Array.of(1, 2))).toThrow(/4 scalars have names, got 2/);
    expect(() => summarise(['loss', 'weight'], Float32Array.of(1, 2))).toThrow(RangeError);
  });
});

import { describe, expect, it } from 'vitest';
import { weightedChange } from '../src/parameters.ts';

describe('the weighted change of a state tensor', () => {
  it('rounds after each operation, and keeps subnormal numbers and NaN', () => {
    const before = Float32Array.of(0.1, 1e-40, 0, 1);
    const after = Float32Array.of(0.3, 3e-40, Number.NaN, 1);
    const [first, second, third, fourth] = weightedChange(3, before, after);
    expect(first).toBe(Math.fround(3 * Math.fround(Math.fround(0.3) - Math.fround(0.1))));
    expect(second).toBeGreaterThan(5e-40);
    expect(third).toBeNaN();
    expect(fourth).toBe(0);
  });
});

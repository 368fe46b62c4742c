import fc from 'fast-check';
import { describe, expect, it } from 'vitest';

import { cosine, power } from '../../src/kernels/functions.ts';

/** The distance in units in the last place, near enough. */
const unitsApart = (a: number, b: number): number => Math.abs(a - b) / (Math.abs(b) * 2 ** -53);

describe('functions with the same bits everywhere', () => {
  it('power is what this engine has, to a unit or two', () => {
    const numbers = fc.tuple(
      fc.double({ min: 1e-3, max: 1e3, noNaN: true }),
      fc.double({ min: -20, max: 20, noNaN: true }),
    );
    fc.assert(
      fc.property(numbers, ([base, exponent]) => {
        expect(unitsApart(power(base, exponent), base ** exponent)).toBeLessThanOrEqual(2);
      }),
    );
  });

  it('cosine is what this engine has, to a unit or two of 1', () => {
    fc.assert(
      fc.property(fc.double({ min: -100, max: 100, noNaN: true }), (angle) => {
        expect(Math.abs(cosine(angle) - Math.cos(angle))).toBeLessThanOrEqual(2 ** -52);
      }),
    );
  });

  it('have the bits that glibc has', () => {
    expect([power(0.96, 0.004), power(7, -0.8), cosine(1), cosine(Math.PI)]).toEqual([
      0.9998367253526753, 0.21082473737065027, 0.5403023058681398, -1,
    ]);
  });
});

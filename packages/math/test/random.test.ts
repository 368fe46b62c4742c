import { describe, expect, it } from 'vitest';

import { createRandom } from '../src/random.ts';

const first = (key: readonly number[], length = 4): number[] => {
  const random = createRandom(...key);
  return Array.from({ length }, () => random.uint32());
};

describe('createRandom', () => {
  it('gives the same numbers for the same key, whatever was drawn elsewhere', () => {
    const other = createRandom(1, 2, 4);
    other.uniform();
    expect(first([1, 2, 3])).toEqual(first([1, 2, 3]));
  });

  it('keeps its numbers for ever: these are in the weights of finished runs', () => {
    // From a second implementation, in Python's unbounded integers. The fifth number begins the second block.
    expect(first([42, 7], 5)).toEqual([2321357193, 1305789919, 1117758034, 884007099, 299743248]);
  });

  it('gives streams of their own to keys that differ in a number, in order, or in length', () => {
    const keys = [
      [],
      [0],
      [0, 0],
      [0, 0, 0],
      [1],
      [0, 1],
      [1, 0],
      [2 ** 32],
      [2 ** 53 - 1],
      [2 ** 21],
    ];
    expect(new Set(keys.map((key) => first(key).join())).size).toBe(keys.length);
  });

  it('refuses keys that are no whole numbers from 0 to 2^53 - 1', () => {
    for (const bad of [-1, 0.5, NaN, 2 ** 53]) {
      expect(() => createRandom(1, bad)).toThrow('random key [1] must be a whole number >= 0');
    }
  });

  it('is uniform on 256 cells: chi squared within six standard deviations', () => {
    const random = createRandom(1);
    const cells = new Uint32Array(256);
    for (let i = 0; i < 256_000; i += 1) {
      const cell = Math.floor(random.uniform() * 256);
      cells[cell] = (cells[cell] ?? 0) + 1;
    }
    expect(cells.reduce((sum, count) => sum + count)).toBe(256_000);
    const chiSquared = cells.reduce((sum, count) => sum + (count - 1000) ** 2 / 1000, 0);
    expect(Math.abs(chiSquared - 255)).toBeLessThan(6 * Math.sqrt(2 * 255));
  });

  it('uses all 53 bits of a uniform number', () => {
    const random = createRandom(2);
    let seen = 0n;
    for (let i = 0; i < 200; i += 1) seen |= BigInt(random.uniform() * 2 ** 53);
    expect(seen).toBe(2n ** 53n - 1n);
  });
});

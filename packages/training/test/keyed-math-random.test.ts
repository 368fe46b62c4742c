import { createRandom } from '@paceline/math';
import { describe, expect, it } from 'vitest';
import { withKeyedMathRandom, withKeyedMathRandomAsync } from '../src/keyed-math-random.ts';

const draws = (): number[] => [Math.random(), Math.random()];
const expected = (key: number): number[] => {
  const random = createRandom(key);
  return [random.uniform(), random.uniform()];
};

describe('a keyed scope', () => {
  it('draws the numbers of its stream, and restores Math.random', () => {
    const original = Math.random;
    expect(withKeyedMathRandom(createRandom(1), draws)).toEqual(expected(1));
    expect(Math.random).toBe(original);
  });

  it('restores Math.random when its body throws', () => {
    const original = Math.random;
    const failing = (): never => {
      throw new Error('no');
    };
    expect(() => withKeyedMathRandom(createRandom(1), failing)).toThrow('no');
    expect(Math.random).toBe(original);
  });

  it('nests: the outer stream goes on where it was', () => {
    withKeyedMathRandom(createRandom(1), () => {
      const first = Math.random();
      expect(withKeyedMathRandom(createRandom(2), draws)).toEqual(expected(2));
      expect([first, Math.random()]).toEqual(expected(1));
    });
  });

  it('lasts until an asynchronous body is done', async () => {
    const original = Math.random;
    const body = async (): Promise<number[]> => {
      const first = Math.random();
      await Promise.resolve();
      return [first, Math.random()];
    };
    expect(await withKeyedMathRandomAsync(createRandom(1), body)).toEqual(expected(1));
    expect(Math.random).toBe(original);
    await expect(
      withKeyedMathRandomAsync(createRandom(1), () => Promise.reject(new Error('no'))),
    ).rejects.toThrow('no');
    expect(Math.random).toBe(original);
  });
});

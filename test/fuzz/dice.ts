import { createRandom } from '@paceline/math';

/** Random choices that a seed repeats. */
export interface Dice {
  /** A whole number in [0, end). */
  below(end: number): number;
  pick<T>(items: readonly [T, ...T[]]): T;
  bytes(length: number): Uint8Array;
}

/** The choices of one attack: a function of the seed and its number, whatever else happens meanwhile. */
export function createDice(seed: number, attack: number): Dice {
  const random = createRandom(seed, attack);
  const below = (end: number): number => Math.floor(random.uniform() * end);
  return {
    below,
    pick: ([first, ...rest]) => [first, ...rest][below(rest.length + 1)] ?? first,
    bytes: (length) => Uint8Array.from({ length }, () => random.uint32() & 0xff),
  };
}

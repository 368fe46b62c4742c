/**
 * Keyed random numbers: the same key gives the same numbers, on any machine, in any order of use.
 * Everything random in a run is keyed so; nothing keeps a cursor that a crash could lose.
 */
import { checkWhole } from './checks.ts';
import { philox4x32 } from './philox.ts';
import type { Words2 } from './philox.ts';

/** A stream of random numbers. It has a position, so it belongs to one user. */
export interface Random {
  /** A whole number in [0, 2^32), uniform. */
  uint32(): number;
  /** A multiple of 2^-53 in [0, 1), uniform. Takes two words of the stream. */
  uniform(): number;
}

const twoTo32 = 0x1_0000_0000;

/**
 * The stream of a key: any number of whole numbers in [0, 2^53), for instance (purpose, seed, step, microbatch).
 * Keys that differ in a number, in order or in length give independent streams. Start each kind of use with a
 * constant of its own: otherwise (seed, step) of one use is (seed, epoch) of another.
 * @throws {MathError} `bad-argument` for a number that is not whole, is negative, or is beyond 2^53 - 1.
 */
export function createRandom(...key: readonly number[]): Random {
  const streamKey = deriveKey(key);
  let block: readonly number[] = [];
  let blocks = 0;
  let next = 0;
  const uint32 = (): number => {
    if (next === block.length) {
      block = philox4x32([blocks >>> 0, Math.floor(blocks / twoTo32), 0, 0], streamKey);
      blocks += 1;
      next = 0;
    }
    const word = block[next] ?? 0;
    next += 1;
    return word;
  };
  return { uint32, uniform: () => uniformOf(uint32(), uint32()) };
}

/**
 * Folds a key of any length into Philox's 64 bits: each number becomes the counter of a block under the key so far.
 * The last word of the counter is 1 + position here and 0 in the streams, so no stream repeats a derivation.
 */
function deriveKey(numbers: readonly number[]): Words2 {
  let key: Words2 = [0, numbers.length];
  numbers.forEach((number, position) => {
    checkWhole(`random key [${position}]`, number, { least: 0 });
    const [low, high] = philox4x32(
      [number >>> 0, Math.floor(number / twoTo32), 0, position + 1],
      key,
    );
    key = [low, high];
  });
  return key;
}

/** 27 + 26 bits of two words; every operation is exact in a double. */
function uniformOf(high: number, low: number): number {
  return ((high >>> 5) * 0x400_0000 + (low >>> 6)) / 0x20_0000_0000_0000;
}

/**
 * The purposes of keyed random numbers in this package: first part of each key, so that no two uses share a stream.
 * The numbers are part of what a run's bits depend on; never change or reuse one.
 */
import { createRandom } from '@paceline/math';
import type { Random } from '@paceline/math';

/** Purposes, as numbers. */
export const randomPurposes = {
  modelBuilding: 0x6d6f_6465,
  initialParameter: 0x696e_6974,
  microbatch: 0x6c65_6166,
  evaluation: 0x6576_616c,
  syntheticData: 0x6461_7461,
  testSplit: 0x7465_7374,
  augmentation: 0x6175_676d,
} as const;

/** A purpose's name. */
export type RandomPurpose = keyof typeof randomPurposes;

/** The stream of (purpose, ...key); every number of the key is whole and not negative. */
export function keyedRandom(purpose: RandomPurpose, ...key: readonly number[]): Random {
  return createRandom(randomPurposes[purpose], ...key);
}

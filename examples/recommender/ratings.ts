/** Ratings that are known to be of low rank: what a recommender should find, and how well it can be found. */
import type { FunctionData } from 'paceline';

export const users = 300;
export const items = 200;
/** Standard deviation of what no recommender can know. */
export const noise = 0.25;

/** Nobody of the last ten users has rated anything yet, and none of the last ten items was rated. */
export const newcomers = 10;

const traits = [0, 1, 2];

/** A user and an item of each rating; which, is a formula of its number. So are the ratings. */
export function ratingAt(index: number): { user: number; item: number; rating: number } {
  const user = Math.floor(uniform(1, index) * (users - newcomers));
  const item = Math.floor(uniform(2, index) * (items - newcomers));
  const liking = traits.reduce((sum, k) => sum + trait(3, user, k) * trait(4, item, k), 0);
  // The sum of three uniform numbers in [-1, 1) has variance 1.
  const luck = [5, 6, 7].reduce((sum, key) => sum + 2 * uniform(key, index) - 1, 0);
  return { user, item, rating: 3 + liking + noise * luck };
}

/** Ratings from number `first` on. */
export function ratings(first: number, examples: number): FunctionData['train'] {
  return {
    examples,
    read(indices) {
      const rows = Array.from(indices, (index) => ratingAt(first + index));
      return {
        x: { user: rows.map(({ user }) => user), item: rows.map(({ item }) => item) },
        y: rows.map(({ rating }) => rating),
      };
    },
  };
}

/** In [-1, 1): how much there is of trait k in a user or in an item. */
function trait(kind: number, who: number, k: number): number {
  return 2 * uniform(kind, who * traits.length + k) - 1;
}

/** A number in [0, 1) for each key and index, by the finaliser of MurmurHash3: the same on every machine. */
function uniform(key: number, index: number): number {
  let hash = Math.imul(index + 1, 0x9e37_79b9) ^ Math.imul(key, 0x85eb_ca6b);
  hash = Math.imul(hash ^ (hash >>> 16), 0x85eb_ca6b);
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2_ae35);
  return ((hash ^ (hash >>> 16)) >>> 0) / 2 ** 32;
}

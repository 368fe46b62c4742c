/**
 * tfjs has no global seed (tfjs#2219): dropout, noise layers and unseeded initializers draw from Math.random, and a
 * seed of 0 means "random". So for exactly as long as such code runs, Math.random is a keyed stream.
 */
import type { Random } from '@paceline/math';

/** Runs `body` with Math.random drawing from `random`; restored afterwards, also when `body` throws. Nests. */
export function withKeyedMathRandom<T>(random: Random, body: () => T): T {
  const restore = replaceMathRandom(random);
  try {
    return body();
  } finally {
    restore();
  }
}

/**
 * The same for a body that may be asynchronous, such as a model function that loads a file first. Math.random stays
 * keyed until the promise settles: only for phases in which nothing else of the process draws from it.
 */
export async function withKeyedMathRandomAsync<T>(
  random: Random,
  body: () => T | Promise<T>,
): Promise<T> {
  const restore = replaceMathRandom(random);
  try {
    return await body();
  } finally {
    restore();
  }
}

function replaceMathRandom(random: Random): () => void {
  const original = Math.random;
  Math.random = (): number => random.uniform();
  return () => {
    Math.random = original;
  };
}

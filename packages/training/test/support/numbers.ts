/** Numbers for tests that look random and are the same every time. */
import { createRandom } from '@paceline/math';

/** `count` numbers, uniform in [-1, 1). */
export function numbersOf(count: number, key: number): Float32Array {
  const random = createRandom(key);
  return Float32Array.from({ length: count }, () => random.uniform() * 2 - 1);
}

/** Rows of a one-hot matrix for the given classes. */
export function oneHot(classes: readonly number[], width: number): number[][] {
  return classes.map((index) => Array.from({ length: width }, (_, i) => (i === index ? 1 : 0)));
}

/** Values as a list of rows. */
export function rowsOf(values: Float32Array, width: number): number[][] {
  return Array.from({ length: values.length / width }, (_, i) =>
    Array.from(values.subarray(i * width, (i + 1) * width)),
  );
}

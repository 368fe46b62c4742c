import type { Tensor } from '@tensorflow/tfjs';

import type { TensorFlow } from '../../src/backend/interface.ts';

/** A small deterministic source of numbers in [-1, 1): the tests need no more than that. */
export function createNumbers(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state / 2 ** 31 - 1;
  };
}

/** A tensor of numbers in [-1, 1). */
export function createTensor(tf: TensorFlow, shape: readonly number[], seed: number): Tensor {
  const next = createNumbers(seed);
  return tf.tensor(Float32Array.from({ length: tf.util.sizeFromShape([...shape]) }, next), [
    ...shape,
  ]);
}

/** A tensor whose elements are all different, at least `1/size` apart and from zero:
 * no ties in maxima, no kinks. */
export function createDistinctTensor(
  tf: TensorFlow,
  shape: readonly number[],
  seed: number,
): Tensor {
  const size = tf.util.sizeFromShape([...shape]);
  const next = createNumbers(seed);
  const order = Array.from({ length: size }, (_, i) => ({ i, key: next() }));
  order.sort((a, b) => a.key - b.key);
  const values = new Float32Array(size);
  order.forEach(({ i }, rank) => (values[i] = (4 * rank + 1.5) / size - 2));
  return tf.tensor(values, [...shape]);
}

export interface GradientCase {
  readonly inputs: readonly Tensor[];
  compute(...inputs: Tensor[]): Tensor;
  /** Half the distance of the two points of a difference. */
  readonly step?: number;
}

/**
 * The largest error of the gradients that TensorFlow.js gives, against central differences of the
 * forward pass, over the largest difference: 0 is right, above about 0.01 is wrong.
 *
 * The output is projected on a fixed random direction, in float64.
 */
export function gradientError(tf: TensorFlow, { inputs, compute, step }: GradientCase): number {
  return tf.tidy(() => {
    const output = compute(...inputs);
    const direction = createTensor(tf, output.shape, 99);
    const weights = Array.from(direction.dataSync());
    const project = (values: ArrayLike<number>): number =>
      weights.reduce((sum: number, weight, i) => sum + weight * Number(values[i]), 0);
    const gradients = tf.grads((...xs: Tensor[]) => tf.sum(tf.mul(compute(...xs), direction)))([
      ...inputs,
    ]);
    const epsilon = step ?? 0.01;
    return Math.max(
      ...inputs.map((input, which) => {
        const values = Float32Array.from(input.dataSync());
        const sampled = sampleIndices(values.length);
        const differences = sampled.map((i) => {
          const at = (moved: number): number => {
            const changed = values.slice();
            changed[i] = moved;
            return tf.tidy(() => {
              const xs = inputs.map((x, j) => (j === which ? tf.tensor(changed, x.shape) : x));
              return project(compute(...xs).dataSync());
            });
          };
          const value = values[i] ?? 0;
          const [up, down] = [Math.fround(value + epsilon), Math.fround(value - epsilon)];
          return (at(up) - at(down)) / (up - down);
        });
        const gradient = gradients[which]?.dataSync() ?? [];
        return relativeError(
          sampled.map((i) => Number(gradient[i])),
          differences,
        );
      }),
    );
  });
}

/** All of them, or 64 spread evenly: each costs two forward passes. */
function sampleIndices(size: number): number[] {
  const count = Math.min(size, 64);
  return Array.from({ length: count }, (_, i) => Math.floor((i * size) / count));
}

/** Largest absolute difference over the largest absolute value of `expected`. */
export function relativeError(actual: ArrayLike<number>, expected: ArrayLike<number>): number {
  if (actual.length !== expected.length) return Infinity;
  let scale = 1e-6;
  let error = 0;
  for (const [i, value] of Array.from(expected).entries()) {
    const difference = Math.abs(value - Number(actual[i]));
    scale = Math.max(scale, Math.abs(value));
    error = Math.max(error, Number.isNaN(difference) ? Infinity : difference);
  }
  return error / scale;
}

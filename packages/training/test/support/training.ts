/** Plain SGD over leaves, as server and workers do it together: the reference is model.fit of tfjs. */
import type { PreparedJob } from '../../src/prepared-job.ts';
import { indicesOf } from './jobs.ts';

/** A batch [first, first + count) cut into microbatches. */
export interface BatchCut {
  readonly first: number;
  readonly count: number;
  readonly microbatches: number;
}

/** The sum of the leaves of a step over the whole layout; sections that leaves do not have are 0. */
export function sumOfLeaves(job: PreparedJob, step: number, cut: BatchCut): Float32Array {
  const sum = new Float32Array(job.layout.length);
  for (let microbatch = 0; microbatch < cut.microbatches; microbatch += 1) {
    const start = Math.floor((microbatch * cut.count) / cut.microbatches);
    const end = Math.floor(((microbatch + 1) * cut.count) / cut.microbatches);
    const indices = indicesOf(cut.first + start, end - start);
    job.gradient({ step, microbatch, indices }, (offset, read) => {
      read().forEach((value, i) => {
        sum[offset + i] = (sum[offset + i] ?? 0) + value;
      });
    });
  }
  return sum;
}

/** One step of SGD: trainable tensors move against the gradient, state by its weighted change. */
export function sgdStep(
  job: PreparedJob,
  flat: Float32Array,
  { sum, learningRate }: { readonly sum: Float32Array; readonly learningRate: number },
): Float32Array {
  const { trainable, state } = job.layout.sections;
  const weight = sum[0] ?? 0;
  const next = flat.slice();
  for (let i = trainable.offset; i < trainable.offset + trainable.length; i += 1) {
    next[i] = (flat[i] ?? 0) - (learningRate * (sum[i] ?? 0)) / weight;
  }
  for (let i = state.offset; i < state.offset + state.length; i += 1) {
    next[i] = (flat[i] ?? 0) + (sum[i] ?? 0) / weight;
  }
  return next;
}

/** The largest difference between two vectors, relative to the largest number in them. */
export function relativeDifference(a: ArrayLike<number>, b: ArrayLike<number>): number {
  let [difference, size] = [0, 1e-12];
  for (let i = 0; i < Math.max(a.length, b.length); i += 1) {
    const [left, right] = [a[i] ?? Number.NaN, b[i] ?? Number.NaN];
    const distance = Math.abs(left - right);
    if (Number.isNaN(distance)) return Number.NaN;
    difference = Math.max(difference, distance);
    size = Math.max(size, Math.abs(left), Math.abs(right));
  }
  return difference / size;
}

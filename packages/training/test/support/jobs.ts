/** Jobs for tests: small settings with every field, and leaves as one flat vector. */
import type { TrainingFunctions, TrainingJob, TrainingSettings } from '../../src/job.ts';
import type { GradientTask, PreparedJob } from '../../src/prepared-job.ts';

/** A job of defaults and what the test changes. */
export function jobOf(
  settings: Partial<TrainingSettings>,
  functions: TrainingFunctions = {},
): TrainingJob {
  return {
    settings: {
      model: { type: 'function' },
      metrics: [],
      data: { type: 'linear', examples: 64, features: 2, outputs: 3, noise: 0 },
      seed: 7,
      batchSize: 8,
      microbatches: 2,
      nonFinite: 'fail',
      optimizer: { type: 'sgd' },
      ...settings,
    },
    functions,
  };
}

/** The leaf of a task as one vector over the whole layout; parts that are not written are NaN. */
export function leafOf(job: PreparedJob, task: Partial<GradientTask>): Float32Array {
  const leaf = new Float32Array(job.layout.length).fill(Number.NaN);
  const whole = { step: 0, microbatch: 0, indices: indicesOf(0, 4), ...task };
  job.gradient(whole, (offset, read) => {
    leaf.set(read(), offset);
  });
  return leaf;
}

/** [first, first + count) as indices. */
export function indicesOf(first: number, count: number): Uint32Array {
  return Uint32Array.from({ length: count }, (_, i) => first + i);
}

/** The part of a flat vector that is one tensor. */
export function tensorOf(job: PreparedJob, flat: Float32Array, name: string): Float32Array {
  const place = job.layout.tensors.find((tensor) => tensor.name === name);
  if (place === undefined) {
    const names = job.layout.tensors.map((tensor) => tensor.name).join(', ');
    throw new Error(`no tensor "${name}" among ${names}`);
  }
  return flat.slice(place.offset, place.offset + place.size);
}

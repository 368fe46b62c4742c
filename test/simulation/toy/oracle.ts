import type { JobSettings } from '@paceline/protocol';
import { createExampleOrder } from '@paceline/math';
import {
  digestOf,
  toyExamples,
  toyInitial,
  toyLayout,
  toyLeaf,
  toyScalars,
  toyTestExamples,
} from './model.ts';

/** What an undisturbed run ends with, and says on its way. */
export interface Expectation {
  readonly weightsSha256: string;
  readonly stateSha256: string;
  /** Sums of the scalars by step, and by evaluated version. */
  readonly steps: readonly Float32Array[];
  readonly evaluations: ReadonlyMap<number, Float32Array>;
}

/**
 * The whole run in plain JavaScript: one loop, no servers, no buckets, none of the code under test but the permutation
 * of the examples. Momentum SGD in Math.fround; sums by halves of the next power of two.
 */
export function expectedRun(settings: JobSettings, steps: number): Expectation {
  const parameters = toyInitial();
  const velocity = new Float32Array(parameters.length);
  const sums: Float32Array[] = [];
  const evaluations = new Map<number, Float32Array>();
  const perEpoch = Math.ceil(toyExamples / settings.batchSize);
  for (let step = 0; step < steps; step += 1) {
    const leaves = examplesOf(settings, step).map((examples) =>
      examples.length === 0 ? undefined : toyLeaf(parameters, { step, examples }),
    );
    const root = sumOf(leaves);
    sums.push(root.slice(0, toyLayout.sections.scalars.length));
    update({ parameters, velocity, root, settings });
    const version = step + 1;
    const isDue = version === steps || version % (perEpoch * settings.evaluation.everyEpochs) === 0;
    if (isDue) evaluations.set(version, evaluate(parameters, version, settings));
  }
  return {
    weightsSha256: digestOf(parameters, 'trainable'),
    stateSha256: digestOf(parameters, 'state'),
    steps: sums,
    evaluations,
  };
}

/** The examples of each microbatch of a step. */
function examplesOf(settings: JobSettings, step: number): readonly (readonly number[])[] {
  const { batchSize, microbatches, seed } = settings;
  const perEpoch = Math.ceil(toyExamples / batchSize);
  const epoch = Math.floor(step / perEpoch);
  const first = (step % perEpoch) * batchSize;
  const count = Math.min(batchSize, toyExamples - first);
  const order = createExampleOrder({ seed, examples: toyExamples });
  const batch = Array.from({ length: count }, (_, i) => order(epoch, first + i));
  const cut = (i: number): number => Math.floor((i * count) / microbatches);
  return Array.from({ length: microbatches }, (_, i) => batch.slice(cut(i), cut(i + 1)));
}

/** The test examples of a block. */
export function blockOf(settings: JobSettings, block: number): readonly number[] {
  const size = settings.evaluation.batchSize;
  const all = Array.from({ length: toyTestExamples }, (_, i) => i);
  return all.slice(block * size, (block + 1) * size);
}

function evaluate(parameters: Float32Array, version: number, settings: JobSettings): Float32Array {
  const blocks = Math.ceil(toyTestExamples / settings.evaluation.batchSize);
  return sumOf(
    Array.from({ length: blocks }, (_, block) =>
      toyScalars(parameters, { version, examples: blockOf(settings, block) }),
    ),
  );
}

function sumOf(leaves: readonly (Float32Array | undefined)[]): Float32Array {
  let size = 1;
  while (size < leaves.length) size *= 2;
  const sum = (first: number, length: number): Float32Array | undefined => {
    if (length === 1) return leaves[first];
    const left = sum(first, length / 2);
    const right = sum(first + length / 2, length / 2);
    if (left === undefined || right === undefined) return left ?? right;
    return left.map((value, i) => Math.fround(value + (right[i] ?? 0)));
  };
  const root = sum(0, size);
  if (root === undefined) throw new Error('nothing to add');
  return root;
}

function update(o: {
  readonly parameters: Float32Array;
  readonly velocity: Float32Array;
  readonly root: Float32Array;
  readonly settings: JobSettings;
}): void {
  const { parameters, velocity, root } = o;
  const { optimizer } = o.settings;
  if (optimizer.type !== 'sgd') throw new Error('this oracle knows sgd alone');
  const { learningRate, momentum } = optimizer;
  const { trainable, state } = toyLayout.sections;
  const scale = Math.fround(1 / (root[0] ?? 1));
  const at = (array: Float32Array, i: number): number => array[i] ?? 0;
  for (let i = trainable.offset; i < trainable.offset + trainable.length; i += 1) {
    const gradient = Math.fround(scale * at(root, i));
    const kept = Math.fround(Math.fround(momentum) * at(velocity, i));
    velocity[i] = Math.fround(kept + gradient);
    const change = Math.fround(Math.fround(learningRate) * at(velocity, i));
    parameters[i] = Math.fround(at(parameters, i) - change);
  }
  for (let i = state.offset; i < state.offset + state.length; i += 1) {
    parameters[i] = Math.fround(at(parameters, i) + Math.fround(scale * at(root, i)));
  }
}

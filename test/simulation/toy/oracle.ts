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
  /** Of which epoch each step is; one step more than there are. */
  readonly epochs: readonly number[];
  /** Sums of the scalars by step, and by evaluated version. */
  readonly steps: readonly Float32Array[];
  readonly evaluations: ReadonlyMap<number, Float32Array>;
}

/** The numbers of a run on its way. */
interface Numbers {
  readonly parameters: Float32Array;
  readonly velocity: Float32Array;
  readonly average: Float32Array;
  learningRate: number;
}

/**
 * The whole run in plain JavaScript: one loop, no servers, no buckets, none of the code under test but the permutation
 * of the examples. Momentum SGD in Math.fround; sums by halves of the next power of two.
 */
export function expectedRun(settings: JobSettings, steps: number): Expectation {
  const numbers = begin(settings);
  const { parameters } = numbers;
  const sums: Float32Array[] = [];
  const evaluations = new Map<number, Float32Array>();
  const watch = createWatch(settings);
  for (let step = 0; step < steps; step += 1) {
    const leaves = examplesOf(settings, step).map((examples) =>
      examples.length === 0 ? undefined : toyLeaf(parameters, { step, examples }),
    );
    const root = sumOf(leaves);
    sums.push(root.slice(0, toyLayout.sections.scalars.length));
    update(numbers, root, settings);
    const version = step + 1;
    const { epoch, first } = placeOf(settings, version);
    const isEpochEnd = first === 0 && epoch % settings.evaluation.everyEpochs === 0;
    const isDue = version === steps || isEpochEnd;
    if (!isDue) continue;
    const found = evaluate(modelOf(numbers, settings), version, settings);
    evaluations.set(version, found);
    watch.see(numbers, (found[1] ?? 0) / (found[0] ?? 0));
  }
  const model = watch.best() ?? modelOf(numbers, settings);
  return {
    weightsSha256: digestOf(model, 'trainable'),
    stateSha256: digestOf(model, 'state'),
    epochs: Array.from({ length: steps + 1 }, (_, step) => placeOf(settings, step).epoch),
    steps: sums,
    evaluations,
  };
}

function begin({ optimizer }: JobSettings): Numbers {
  const parameters = toyInitial();
  const velocity = new Float32Array(parameters.length);
  return {
    parameters,
    velocity,
    average: parameters.slice(),
    learningRate: optimizer.learningRate,
  };
}

/** What is evaluated and given away: a copy. */
function modelOf({ parameters, average }: Numbers, { optimizer }: JobSettings): Float32Array {
  const model = parameters.slice();
  if (optimizer.average === undefined) return model;
  const { offset, length } = toyLayout.sections.trainable;
  model.set(average.subarray(offset, offset + length), offset);
  return model;
}

/** Halves the rate after each evaluation without a better loss, and keeps the model of the best one. */
function createWatch(settings: JobSettings): {
  readonly see: (numbers: Numbers, loss: number) => void;
  readonly best: () => Float32Array | undefined;
} {
  let [least, leastForRate] = [Infinity, Infinity];
  let best: Float32Array | undefined;
  const isWatched = settings.until.earlyStopping !== undefined;
  return {
    see(numbers, loss) {
      if (!isWatched) return;
      if (loss < least) [least, best] = [loss, modelOf(numbers, settings)];
      if (loss < leastForRate - 1e-4) leastForRate = loss;
      else numbers.learningRate /= 2;
    },
    best: () => best,
  };
}

/** The epoch of a step, where it begins in it, and its batches: found by walking from the beginning. */
function placeOf(
  { batchSize, microbatches, batchSchedule = [] }: JobSettings,
  step: number,
): {
  readonly epoch: number;
  readonly first: number;
  readonly size: number;
  readonly cuts: number;
} {
  let [epoch, first] = [0, 0];
  const now = (): { readonly batchSize: number; readonly microbatches: number } =>
    batchSchedule.findLast(({ fromEpoch }) => fromEpoch <= epoch) ?? { batchSize, microbatches };
  for (let i = 0; i < step; i += 1) {
    first += now().batchSize;
    if (first >= toyExamples) [epoch, first] = [epoch + 1, 0];
  }
  return { epoch, first, size: now().batchSize, cuts: now().microbatches };
}

/** The examples of each microbatch of a step. */
function examplesOf(settings: JobSettings, step: number): readonly (readonly number[])[] {
  const { epoch, first, size, cuts } = placeOf(settings, step);
  const count = Math.min(size, toyExamples - first);
  const order = createExampleOrder({ seed: settings.seed, examples: toyExamples });
  const batch = Array.from({ length: count }, (_, i) => order(epoch, first + i));
  const cut = (i: number): number => Math.floor((i * count) / cuts);
  return Array.from({ length: cuts }, (_, i) => batch.slice(cut(i), cut(i + 1)));
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

function update(numbers: Numbers, root: Float32Array, { optimizer }: JobSettings): void {
  if (optimizer.type !== 'sgd') throw new Error('this oracle knows sgd alone');
  const { parameters, velocity, average, learningRate } = numbers;
  const { trainable, state } = toyLayout.sections;
  const scale = Math.fround(1 / (root[0] ?? 1));
  const share = Math.fround(1 - (optimizer.average?.decay ?? 0));
  const at = (array: Float32Array, i: number): number => array[i] ?? 0;
  for (let i = trainable.offset; i < trainable.offset + trainable.length; i += 1) {
    const gradient = Math.fround(scale * at(root, i));
    const kept = Math.fround(Math.fround(optimizer.momentum) * at(velocity, i));
    velocity[i] = Math.fround(kept + gradient);
    const change = Math.fround(Math.fround(learningRate) * at(velocity, i));
    parameters[i] = Math.fround(at(parameters, i) - change);
    const apart = Math.fround(at(parameters, i) - at(average, i));
    average[i] = Math.fround(at(average, i) + Math.fround(share * apart));
  }
  for (let i = state.offset; i < state.offset + state.length; i += 1) {
    parameters[i] = Math.fround(at(parameters, i) + Math.fround(scale * at(root, i)));
  }
}

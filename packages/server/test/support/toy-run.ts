import { createHash } from 'node:crypto';
import type { SumTree, TensorSpec, TreeNode } from '@paceline/math';
import { createBatchTree, createLayout, locateStep } from '@paceline/math';
import type { JobSettings, MessageOf } from '@paceline/protocol';
import { parseJob } from '@paceline/protocol';

/** A run without tensors: leaves are a formula, so that any process knows what every number must be. */
const toyExamples = 22;
const toyTensors: readonly TensorSpec[] = [
  { name: 'scalars', shape: [2], section: 'scalars' },
  { name: 'w', shape: [3, 5], section: 'trainable' },
  { name: 'b', shape: [4], section: 'trainable' },
  { name: 'mean', shape: [2], section: 'state' },
  { name: 'frozen', shape: [3], section: 'frozen' },
];
export const toyLayout = createLayout(toyTensors);

/** Settings of a toy job; buckets of 32 bytes, so that tensors lie across them. */
export function toyJob(set: readonly string[] = []): ReturnType<typeof parseJob> {
  const definition = {
    name: 'toy',
    model: () => undefined,
    loss: 'meanSquaredError',
    data: { type: 'linear' },
    optimizer: { type: 'sgd', learningRate: 0.125, momentum: 0.5 },
    batchSize: 8,
    microbatches: 5,
    until: { steps: 9 },
    bucketBytes: 32,
  };
  return parseJob(definition, { set });
}

/** The initial parameters, flat; scalars are zero. */
export function toyInitial(): Float32Array {
  return Float32Array.from({ length: toyLayout.length }, (_, i) =>
    i < 2 ? 0 : Math.fround(Math.sin(i)),
  );
}

/** Leaf of a microbatch: depends on step, microbatch and parameters, and differs in every element. */
export function toyLeaf(
  parameters: Float32Array,
  o: { readonly step: number; readonly microbatch: number; readonly count: number },
): Float32Array {
  const leaf = new Float32Array(toyLayout.sections.frozen.offset);
  for (let i = 0; i < leaf.length; i += 1) {
    const wave = Math.fround(Math.sin(1 + i + 31 * o.microbatch + 101 * o.step));
    leaf[i] = Math.fround(Math.fround(wave * o.count) + Math.fround((parameters[i] ?? 0) * 0.25));
  }
  leaf[0] = o.count;
  return leaf;
}

/** How many examples a microbatch of a step has: written out again, not taken from the code under test. */
export function toyCount(settings: JobSettings, step: number, microbatch: number): number {
  const { batchSize, microbatches } = settings;
  const n = Math.min(
    batchSize,
    toyExamples - (step % Math.ceil(toyExamples / batchSize)) * batchSize,
  );
  const cut = (i: number): number => Math.floor((i * n) / microbatches);
  return cut(microbatch + 1) - cut(microbatch);
}

/** The tree of a step. */
export function toyTree(settings: JobSettings, step: number): SumTree {
  const { batchSize, microbatches } = settings;
  const { count } = locateStep({ examples: toyExamples, batchSize, microbatches }, step);
  return createBatchTree(count, microbatches);
}

/** Recursive sum below a node, in Float32: the oracle of the tree. */
export function toySum(
  leafOf: (microbatch: number) => Float32Array | undefined,
  { level, index }: TreeNode,
  leaves: number,
): Float32Array | undefined {
  if (index << level >= leaves) return undefined;
  if (level === 0) return leafOf(index);
  const left = toySum(leafOf, { level: level - 1, index: 2 * index }, leaves);
  const right = toySum(leafOf, { level: level - 1, index: 2 * index + 1 }, leaves);
  if (left === undefined || right === undefined) return left ?? right;
  return left.map((value, i) => Math.fround(value + (right[i] ?? 0)));
}

/** Plain SGD with momentum over `steps` steps in Math.fround: what the run must end with. */
export function toyOracle(
  settings: JobSettings,
  steps: number,
  leafOf: typeof toyLeaf = toyLeaf,
): Float32Array {
  const { optimizer } = settings;
  if (optimizer.type !== 'sgd') throw new Error('this oracle knows sgd alone');
  const { learningRate, momentum } = optimizer;
  const parameters = toyInitial();
  const velocity = new Float32Array(parameters.length);
  const { trainable, state } = toyLayout.sections;
  for (let step = 0; step < steps; step += 1) {
    const root = oracleRoot(settings, { parameters, step, leafOf });
    const scale = Math.fround(1 / (root[0] ?? 1));
    for (let i = trainable.offset; i < trainable.offset + trainable.length; i += 1) {
      const g = Math.fround(scale * (root[i] ?? 0));
      const v = Math.fround(Math.fround(Math.fround(momentum) * (velocity[i] ?? 0)) + g);
      velocity[i] = v;
      parameters[i] = Math.fround(
        (parameters[i] ?? 0) - Math.fround(Math.fround(learningRate) * v),
      );
    }
    for (let i = state.offset; i < state.offset + state.length; i += 1) {
      parameters[i] = Math.fround((parameters[i] ?? 0) + Math.fround(scale * (root[i] ?? 0)));
    }
  }
  return parameters;
}

/** SHA-256 of the trainable parameters. */
export function toyDigest(parameters: Float32Array): string {
  const { offset, length } = toyLayout.sections.trainable;
  const part = parameters.slice(offset, offset + length);
  return createHash('sha256').update(new Uint8Array(part.buffer)).digest('hex');
}

/** The layout that a toy worker announces. */
export function toyLayoutMessage(settings: JobSettings): Omit<MessageOf<'layout'>, 'kind'> {
  const bytes = new Uint8Array(toyInitial().buffer).subarray(toyLayout.sections.scalars.length * 4);
  return {
    tensors: toyLayout.tensors.map(({ name, shape, section }) => ({ name, shape, section })),
    topology: null,
    splits: { train: { examples: toyExamples, digest: 'a'.repeat(64) } },
    scalars: ['weight', 'loss'],
    initialDigest: createHash('sha256').update(bytes).digest('hex'),
    probe: 'b'.repeat(64),
    settings,
    backend: 'cpu',
    fingerprint: 'toy',
    level: 'portable',
  };
}

function oracleRoot(
  settings: JobSettings,
  o: {
    readonly parameters: Float32Array;
    readonly step: number;
    readonly leafOf: typeof toyLeaf;
  },
): Float32Array {
  const { parameters, step } = o;
  const leafOf = (microbatch: number): Float32Array | undefined => {
    const count = toyCount(settings, step, microbatch);
    return count === 0 ? undefined : o.leafOf(parameters, { step, microbatch, count });
  };
  let level = 0;
  while (1 << level < settings.microbatches) level += 1;
  const root = toySum(leafOf, { level, index: 0 }, settings.microbatches);
  if (root === undefined) throw new Error('an empty step');
  return root;
}

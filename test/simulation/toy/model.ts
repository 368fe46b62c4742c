import { createHash } from 'node:crypto';
import type { BatchPhase, TensorSpec } from '@paceline/math';
import { createLayout } from '@paceline/math';
import type { Job, JobSettings, MessageOf } from '@paceline/protocol';
import { parseJob } from '@paceline/protocol';

/**
 * A model without tensors' arithmetic: the leaf of a microbatch is a formula of parameters, step and examples, so that
 * anybody can tell what every number of a run must be. Beside the weights it carries a ledger: each example adds one to a
 * digit of its own in the scalars, and to an element of its own in the state. What the server applied can be read off.
 */
export const toyExamples = 13;
export const toyTestExamples = 5;

/** A float holds 24 bits: six digits of the ledger, each counting to 15. */
const digitsInFloat = 6;
const digitBase = 16;
const ledgerFloats = Math.ceil(toyExamples / digitsInFloat);
const ledgerNames = Array.from({ length: ledgerFloats }, (_, i) => `seen${String(i)}`);
const scalarNames = ['weight', 'loss', ...ledgerNames];

const tensors: readonly TensorSpec[] = [
  { name: 'scalars', shape: [scalarNames.length], section: 'scalars' },
  { name: 'w', shape: [3, 5], section: 'trainable' },
  { name: 'b', shape: [4], section: 'trainable' },
  { name: 'mean', shape: [2], section: 'state' },
  { name: 'ledger', shape: [toyExamples], section: 'state' },
  { name: 'frozen', shape: [3], section: 'frozen' },
];
export const toyLayout = createLayout(tensors);
const { scalars, trainable, state, frozen } = toyLayout.sections;
/** Where the ledger begins in the flat vector. */
const ledgerOffset = state.offset + 2;

/** What differs from world to world. */
export interface ToyVariant {
  readonly batchSize: number;
  readonly microbatches: number;
  readonly steps: number;
  readonly bucketBytes: number;
  /** Epochs between evaluations, and steps between checkpoints. */
  readonly everyEpochs: number;
  readonly checkpointSteps: number;
  /** Batches of this size from epoch 1 on, of one microbatch more than before; the same all the time where it is 0. */
  readonly laterBatch: number;
  /** Evaluates and gives away the average of the parameters. */
  readonly averages: boolean;
  /** The rate follows the evaluations, and the run gives away what was best of them. */
  readonly watches: boolean;
}

/** The job of a variant. */
export function toyJob(variant: ToyVariant): Job {
  const { batchSize, microbatches, steps, bucketBytes, everyEpochs } = variant;
  const { averages, watches, laterBatch } = variant;
  return parseJob({
    name: 'toy',
    model: () => undefined,
    loss: 'meanSquaredError',
    data: { type: 'linear' },
    optimizer: {
      ...{ type: 'sgd', learningRate: 0.125, momentum: 0.5 },
      ...(averages ? { average: { decay: 0.75, warmup: false } } : {}),
    },
    ...(watches ? { schedule: { type: 'reduce-on-plateau', patience: 1, factor: 0.5 } } : {}),
    evaluation: { everyEpochs, batchSize: 2 },
    until: { steps, ...(watches ? { earlyStopping: { patience: 100 } } : {}) },
    checkpoint: { everySteps: variant.checkpointSteps },
    batchSize,
    microbatches,
    ...(laterBatch === 0 ? {} : { batchSchedule: [laterPhase(variant)] }),
    bucketBytes,
  });
}

function laterPhase({ laterBatch, microbatches }: ToyVariant): BatchPhase {
  const most = Math.min(microbatches + 1, laterBatch);
  return { fromEpoch: 1, batchSize: laterBatch, microbatches: most };
}

/** The initial parameters, flat; scalars are zero. */
export function toyInitial(): Float32Array {
  return Float32Array.from({ length: toyLayout.length }, (_, i) =>
    i < scalars.length ? 0 : waveOf(i, 99),
  );
}

/** The leaf of a microbatch with these examples: all floats that travel upwards. */
export function toyLeaf(
  parameters: Float32Array,
  o: { readonly step: number; readonly examples: readonly number[] },
): Float32Array {
  const leaf = new Float32Array(frozen.offset);
  const { step, examples } = o;
  const all = mixtureOf(parameters);
  leaf.set(toyScalars(parameters, { version: step, examples }));
  for (let i = trainable.offset; i < ledgerOffset; i += 1) {
    leaf[i] = examples.reduce((sum, example) => {
      const wave = waveOf(i, 31 * example + 7 * step);
      const pull = Math.fround((parameters[i] ?? 0) * 0.25);
      return Math.fround(sum + Math.fround(Math.fround(wave + pull) + all));
    }, 0);
  }
  for (const example of examples) leaf[ledgerOffset + example] = 1;
  return leaf;
}

/** Weight, loss and ledger of some examples; the loss depends on every trainable parameter. */
export function toyScalars(
  parameters: Float32Array,
  o: { readonly version: number; readonly examples: readonly number[] },
): Float32Array {
  const values = new Float32Array(scalars.length);
  values[0] = o.examples.length;
  for (const example of o.examples) {
    let loss = waveOf(example, o.version);
    for (let i = trainable.offset; i < ledgerOffset; i += 1) {
      loss = Math.fround(loss + Math.fround((parameters[i] ?? 0) * waveOf(i, example)));
    }
    values[1] = Math.fround((values[1] ?? 0) + loss);
    const place = 2 + Math.floor(example / digitsInFloat);
    values[place] = (values[place] ?? 0) + digitBase ** (example % digitsInFloat);
  }
  return values;
}

/** Depends on every parameter that is trained, so that no bucket of another version goes unnoticed. */
function mixtureOf(parameters: Float32Array): number {
  let sum = 0;
  for (let i = trainable.offset; i < ledgerOffset; i += 1) {
    sum = Math.fround(sum + Math.fround((parameters[i] ?? 0) * waveOf(i, 77)));
  }
  return Math.fround(sum * 0.125);
}

/** How often each example is in a sum of scalars, from the metrics of an event and the weight that divided them. */
export function readLedger(
  metrics: Readonly<Record<string, number>>,
  weight: number,
): readonly number[] {
  const floats = ledgerNames.map((name) => Math.round((metrics[name] ?? 0) * weight));
  return Array.from({ length: toyExamples }, (_, example) => {
    const float = floats[Math.floor(example / digitsInFloat)] ?? 0;
    return Math.floor(float / digitBase ** (example % digitsInFloat)) % digitBase;
  });
}

/** SHA-256 of a section of a flat vector. */
export function digestOf(flat: Float32Array, section: 'trainable' | 'state'): string {
  const { offset, length } = toyLayout.sections[section];
  return sha256(flat.slice(offset, offset + length));
}

/** The layout that a toy worker announces. */
export function toyLayoutMessage(settings: JobSettings): Omit<MessageOf<'layout'>, 'kind'> {
  return {
    tensors: toyLayout.tensors.map(({ name, shape, section }) => ({ name, shape, section })),
    topology: null,
    splits: {
      train: { examples: toyExamples, digest: 'a'.repeat(64) },
      test: { examples: toyTestExamples, digest: 'c'.repeat(64) },
    },
    scalars: scalarNames,
    initialDigest: sha256(toyInitial().slice(scalars.length)),
    probe: 'b'.repeat(64),
    settings,
    backend: 'cpu',
    fingerprint: 'toy',
    level: 'portable',
  };
}

function sha256(floats: Float32Array<ArrayBuffer>): string {
  return createHash('sha256').update(new Uint8Array(floats.buffer)).digest('hex');
}

/** A number in [-1, 1) that differs for every place and every time: some bits of a product with the golden ratio. */
function waveOf(place: number, time: number): number {
  const bits = Math.imul(
    Math.imul(place + 1, 0x9e3779b1) ^ Math.imul(time + 1, 0x85ebca6b),
    0xc2b2ae35,
  );
  return Math.fround((bits >> 8) / 0x800000);
}

/** Data from functions of the job: any source, read by index. */
import { TrainingError } from '../errors.ts';
import type { AnyDataset, AnySplit, Batch, NamedArray } from './dataset.ts';
import { createDataset } from './dataset.ts';
import { digestOf } from './digest.ts';
import { digestOfArrays } from './arrays.ts';
import { fieldOf } from './fields.ts';
import type { FieldValue } from './fields.ts';
import { isTfDataSplit, openTfData } from './tf-data/tf-data.ts';
import type { TfDataSplit } from './tf-data/tf-data.ts';

/** What `read` gives: the examples asked for, in that order, in the first dimension of each array. */
export interface FunctionBatch {
  readonly x: FieldValue;
  readonly y: FieldValue;
  /** Weights of the examples; for several outputs one array for all, or by their names. */
  readonly sampleWeight?: FieldValue;
}

/**
 * A split of the user's. `read` must depend on `indices` alone and give the same numbers on every machine: that is
 * what the run's bits depend on. It may give a promise. `digest` names the contents; without it, up to 16 examples are read and hashed.
 */
export interface FunctionSplit {
  readonly examples: number;
  readonly digest?: string | undefined;
  readonly read: (indices: Uint32Array) => FunctionBatch | Promise<FunctionBatch>;
}

/** The data of a job as functions. */
export interface FunctionSplits {
  readonly train: FunctionSplit | TfDataSplit;
  readonly test?: FunctionSplit | TfDataSplit | undefined;
}

const sampledExamples = 16;

/**
 * `data` is the splits, or a function (which may be asynchronous) that gives them.
 * @throws {TrainingError} `bad-data` when a split is malformed, or its `read` gives something else than asked for.
 */
export async function openFunction(data: unknown): Promise<AnyDataset> {
  const given: unknown = typeof data === 'function' ? await (data as () => unknown)() : data;
  const { train, test } = (given ?? {}) as Partial<FunctionSplits>;
  return createDataset(
    await openSplit(train, 'data.train'),
    test === undefined ? undefined : await openSplit(test, 'data.test'),
  );
}

async function openSplit(
  given: FunctionSplit | TfDataSplit | undefined,
  path: string,
): Promise<AnySplit> {
  if (isTfDataSplit(given)) return openTfData(given, path);
  if (!isSplit(given)) {
    throw new TrainingError(
      'bad-data',
      `${path}: must be { examples: a whole number >= 1, read: (indices) => ({ x, y }) }`,
      { data: { field: path } },
    );
  }
  const read = (indices: Uint32Array): Batch | Promise<Batch> => readBatch(given, indices, path);
  const { examples, digest } = given;
  return { examples, digest: digest ?? (await sampleDigest(given, read)), read };
}

function isSplit(value: unknown): value is FunctionSplit {
  if (typeof value !== 'object' || value === null) return false;
  const { examples, read } = value as Partial<FunctionSplit>;
  return Number.isSafeInteger(examples) && (examples ?? 0) >= 1 && typeof read === 'function';
}

function readBatch(
  split: FunctionSplit,
  indices: Uint32Array,
  path: string,
): Batch | Promise<Batch> {
  const given = split.read(indices);
  const check = (batch: FunctionBatch): Batch => checkBatch(batch, indices.length, path);
  return given instanceof Promise ? given.then(check) : check(given);
}

function checkBatch({ x, y, sampleWeight }: FunctionBatch, examples: number, path: string): Batch {
  const arrays = { x: fieldOf(x, `${path}.read().x`), y: fieldOf(y, `${path}.read().y`) };
  const weights =
    sampleWeight === undefined ? [] : fieldOf(sampleWeight, `${path}.read().sampleWeight`);
  for (const array of [...arrays.x, ...arrays.y, ...weights]) checkRows(array, examples, path);
  const batch = { examples, ...arrays };
  return weights.length === 0 ? batch : { ...batch, weights };
}

function checkRows(array: NamedArray, asked: number, path: string): void {
  if (array.shape[0] === asked) return;
  const name = array.name === '' ? 'an array' : array.name;
  throw new TrainingError(
    'bad-data',
    `${path}.read() was asked for ${String(asked)} examples; ${name} has ${String(array.shape[0])}`,
    { data: { field: path } },
  );
}

async function sampleDigest(
  split: FunctionSplit,
  read: (indices: Uint32Array) => Batch | Promise<Batch>,
): Promise<string> {
  const count = Math.min(sampledExamples, split.examples);
  const indices = Uint32Array.from({ length: count }, (_, i) =>
    count === 1 ? 0 : Math.floor((i * (split.examples - 1)) / (count - 1)),
  );
  const { x, y, weights } = await read(indices);
  return digestOf([`${String(split.examples)} examples`, digestOfArrays(x, y, weights)]);
}

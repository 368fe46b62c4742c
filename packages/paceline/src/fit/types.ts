import type { RunEvent, RunStatus } from '@paceline/protocol';

import type { ScheduleDefinition } from '../define-job.ts';

/** What `train` uses of a compiled `tf.LayersModel`; every one has it. */
export interface FitModel {
  readonly inputNames: readonly string[];
  readonly outputNames: readonly string[];
  /** What compile() was given. */
  readonly loss: unknown;
  readonly metrics: unknown;
  readonly metricsNames: readonly string[];
  readonly optimizer: object;
  /** A callback sets it to end training. */
  stopTraining: boolean;
}

/** A `tf.Tensor`, as far as data is read from it. */
export interface FitTensor {
  readonly shape: readonly number[];
  readonly dtype: string;
  readonly isDisposed: boolean;
  data(): Promise<ArrayLike<number> | ArrayLike<string>>;
}

/** Numbers in memory without a shape: they take that of the model's input or output. */
export type FitTypedArray =
  | Float32Array
  | Float64Array
  | Int8Array
  | Int16Array
  | Int32Array
  | Uint8Array
  | Uint8ClampedArray
  | Uint16Array
  | Uint32Array;

/** Lists of numbers in lists, all of one shape. */
export type FitNested = readonly (number | boolean | FitNested)[];

/** The numbers of one input or output, examples first. The tensors stay the caller's. */
export type FitArray = FitTensor | FitTypedArray | FitNested;

/** Those of all inputs or outputs: the only one, a list in the model's order, or by name. */
export type FitArrays = FitArray | readonly FitArray[] | Readonly<Record<string, FitArray>>;

/** On what a model is trained. */
export interface FitData {
  readonly x: FitArrays;
  readonly y: FitArrays;
}

/** Numbers by name, as `model.fit` calls them: `loss`, `acc`, `val_loss`, ... */
export type FitLogs = Record<string, number>;

/** What callbacks are told, in the order of `model.fit`; each is awaited before training goes on. */
export interface FitHooks {
  readonly onTrainBegin?: (logs?: FitLogs) => void | Promise<void>;
  readonly onTrainEnd?: (logs?: FitLogs) => void | Promise<void>;
  readonly onEpochBegin?: (epoch: number, logs?: FitLogs) => void | Promise<void>;
  /** The model has the weights of the end of this epoch. */
  readonly onEpochEnd?: (epoch: number, logs?: FitLogs) => void | Promise<void>;
  readonly onBatchBegin?: (batch: number, logs?: FitLogs) => void | Promise<void>;
  /** The model still has the weights of the end of the last epoch. */
  readonly onBatchEnd?: (batch: number, logs?: FitLogs) => void | Promise<void>;
}

/** A plain object of functions, or a `tf.Callback` such as `tf.callbacks.earlyStopping()`. */
export type FitCallback = FitHooks | FitCallbackObject;

/** A `tf.Callback`: it is told of the model, and may set its `stopTraining`. */
export interface FitCallbackObject extends Required<FitHooks> {
  // Methods: a class may take a narrower model or other parameters.
  setParams(params: never): void;
  setModel(model: never): void;
}

/** Weights by the numbers of the classes. */
export type FitClassWeight = Readonly<Record<number, number>>;

/** The arguments of `model.fit`, with the same meaning and defaults, and what there is besides. */
export interface FitOptions {
  /** Examples of a step; 32 by default. */
  readonly batchSize?: number;
  /** The epoch to end at, as in `fit`: so many are made when `initialEpoch` is 0. 1 by default. */
  readonly epochs?: number;
  /** Where the count of epochs begins; 0 by default. */
  readonly initialEpoch?: number;
  /** The last part of the examples is kept for validation, before anything is shuffled. */
  readonly validationSplit?: number;
  /** Examples for validation, and perhaps weights of them; goes before `validationSplit`. */
  readonly validationData?:
    | readonly [x: FitArrays, y: FitArrays]
    | readonly [x: FitArrays, y: FitArrays, sampleWeight: FitArrays];
  /** Another order in each epoch, which follows from the seed; true by default. */
  readonly shuffle?: boolean;
  /** By what the loss of an example is multiplied, by its class; for several outputs one each. */
  readonly classWeight?:
    FitClassWeight | readonly FitClassWeight[] | Readonly<Record<string, FitClassWeight>>;
  /** By what the loss of each example is multiplied: for all outputs, or by their names. */
  readonly sampleWeight?: FitArrays;
  /** Any of them makes the run wait at the end of each epoch until they are done; one for batches, at each batch. */
  readonly callbacks?: FitCallback | readonly FitCallback[];
  /** 1: a line on standard error at the end of each epoch. 0 by default. */
  readonly verbose?: 0 | 1 | 2 | boolean;
  /** Without a meaning here: the work is done by other processes. */
  readonly yieldEvery?: unknown;

  /** Worker processes. 2 by default; the result does not depend on it. */
  readonly workers?: number;
  /**
   * The fixed pieces of a batch that are shared out; batch normalisation and dropout see one piece at a time. The usual is
   * about batchSize / 32, at least 4. 1 computes what `fit` computes.
   */
  readonly microbatches?: number;
  /** What computes the gradients: native TensorFlow where it works, by default. */
  readonly backend?: 'auto' | 'tensorflow' | 'wasm' | 'cpu';
  /** Threads of one worker; changes bits. 1 by default. */
  readonly threads?: number;
  /** Source of everything random. By default it follows from how often the optimizer was used: each call shuffles anew. */
  readonly seed?: number;
  /** How the learning rate changes with the steps of this call; constant by default. */
  readonly schedule?: ScheduleDefinition;
  readonly nonFinite?: 'fail' | 'skip';
  /** Names the run; `fit` by default. */
  readonly name?: string;
  /** The run's folder; `runs/<name>-<time>` by default. */
  readonly out?: string;
  /**
   * A module, `file:` URL or path, that exports a function `setup(tf)`: it registers the model's own classes of layers.
   * Each worker calls it before it builds the model. It must not be the module that calls `train`.
   */
  readonly setup?: string;
  /** TensorFlow.js as it built the model; found by itself where it was loaded as a package. */
  readonly tf?: unknown;
  /** Aborting it ends the run cleanly; the model has the weights of the last step. */
  readonly signal?: AbortSignal;
  readonly onEvent?: (event: RunEvent) => void;
}

/** What `fit` says of its arguments. */
export interface FitParams {
  readonly epochs: number;
  readonly initialEpoch: number;
  readonly samples: number;
  readonly steps: number | null;
  readonly batchSize: number;
  readonly verbose: number;
  readonly doValidation: boolean;
  readonly metrics: readonly string[];
}

/** The history of `fit`, and how the run ended. */
export interface FitHistory {
  /** The epochs that were made. */
  readonly epoch: readonly number[];
  /** Numbers of each epoch, by name. */
  readonly history: Readonly<Record<string, readonly number[]>>;
  readonly params: FitParams;
  /** `interrupted` when the signal was aborted. */
  readonly status: Exclude<RunStatus, 'failed'> | 'stopped';
  /** Steps of this call. */
  readonly steps: number;
  /** Over all trainable weights; undefined when there was nothing to do. */
  readonly weightsSha256?: string;
  /** The run's folder; undefined when there was nothing to do. */
  readonly out?: string;
}

/**
 * What this package needs of a job, by structure: the parsed settings of `@paceline/protocol` fit, but are not imported.
 */
import type { GroupSettings } from '@paceline/math';
import type { LayersModel, Scalar, Tensor, Variable } from '@tensorflow/tfjs';
import type { TensorFlow } from './backend/interface.ts';
import type { DataSettings } from './datasets/registry.ts';
import type { LocalMarker } from './local-marker.ts';

/**
 * A loss as a function: a scalar (the mean over the examples) or one value per example or element. It may also take
 * (labels, predictions), as in compile(); the number of its parameters tells.
 */
export type LossFunction =
  | ((tf: TensorFlow, labels: Tensor, predictions: Tensor) => Tensor)
  | ((labels: Tensor, predictions: Tensor) => Tensor);

/** A metric as a function, called as a loss is; reported under the function's name. */
export type MetricFunction = LossFunction;

/** One loss, or one for each output, in order or by name. */
export type PerOutput<T> = T | readonly T[] | Readonly<Record<string, T>>;

/** Tensors of one microbatch, as the functional form sees them: by name when the data has names. */
export interface FunctionalBatch {
  readonly x: Tensor | Readonly<Record<string, Tensor>>;
  readonly y: Tensor | Readonly<Record<string, Tensor>>;
  /** Where the data has weights: what becomes of them is the loss's business. */
  readonly sampleWeight?: Tensor | Readonly<Record<string, Tensor>>;
}

/** The parameters of the functional form, by name. */
export type ParameterTensors = Readonly<Record<string, Variable>>;

/** The loss of the functional form: the mean over the examples of the batch, a scalar. */
export type FunctionalLoss = (
  tf: TensorFlow,
  parameters: ParameterTensors,
  batch: FunctionalBatch,
) => Scalar | Tensor;

/** Which model. */
export type ModelSettings =
  | { readonly type: 'function' }
  | { readonly type: 'layers'; readonly topology: object }
  | { readonly type: 'parameters' };

/** Names of metrics, and markers in the places of functions. */
export type MetricList = readonly (string | LocalMarker)[];

/** Weights to begin with, in a file: Float32, little-endian, one tensor behind the other. */
export interface StartWeights {
  readonly path: string;
  /** SHA-256 (hex) of its bytes. */
  readonly sha256: string;
  readonly tensors: readonly { readonly name: string; readonly shape: readonly number[] }[];
}

/** The settings that decide what is computed; everything else of a job is not this package's business. */
export interface TrainingSettings {
  readonly model: ModelSettings;
  readonly loss?: PerOutput<string | LocalMarker> | null | undefined;
  /** By what the loss of each output is multiplied, in their order or by name; 1 for those that are left out. */
  readonly lossWeights?: readonly number[] | Readonly<Record<string, number>> | undefined;
  /** By what the loss of an example is multiplied in training, by its class; for several outputs one each. */
  readonly classWeight?: PerOutput<Readonly<Record<string, number>>> | undefined;
  /** For every output, or for each by its name. */
  readonly metrics?: MetricList | Readonly<Record<string, MetricList>> | undefined;
  readonly data: DataSettings;
  /** Instead of the weights of the seed. */
  readonly start?: { readonly weights: StartWeights } | undefined;
  readonly seed: number;
  readonly batchSize: number;
  readonly microbatches: number;
  readonly nonFinite?: 'fail' | 'skip' | undefined;
  readonly optimizer?:
    { readonly type: string; readonly groups?: readonly GroupSettings[] } | undefined;
}

/** A model function: it may be asynchronous, to load weights first. */
export type ModelFunction = (tf: TensorFlow) => LayersModel | Promise<LayersModel>;

/**
 * What a job holds beside its settings: functions, and data too big or too typed for JSON. They come from a user's file
 * as they are, so nothing is taken for granted here: each is checked where it is used.
 */
export interface TrainingFunctions {
  /** A `ModelFunction`. */
  readonly model?: unknown;
  /** `ParameterSpec` by name. */
  readonly parameters?: Readonly<Record<string, unknown>> | undefined;
  /** A `LossFunction`, one per output, or a `FunctionalLoss`. */
  readonly loss?: unknown;
  /**
   * `MetricFunction`s, or `FunctionalLoss`es, at the places of the markers in the settings' metrics: a list, or one for
   * each output by name.
   */
  readonly metrics?: readonly unknown[] | Readonly<Record<string, readonly unknown[]>> | undefined;
  /** A `FunctionalLoss` that gives predictions: what named metrics of the functional form compare with the labels. */
  readonly predict?: unknown;
  /** The splits, a function that gives them, or the data settings with arrays that did not travel. */
  readonly data?: unknown;
}

/** A job, as far as this package reads it. */
export interface TrainingJob {
  readonly settings: TrainingSettings;
  readonly functions: TrainingFunctions;
}

import type { OptimizerSettings, OwnSchedule, ScheduleSettings } from '@paceline/math';
import type { UntilSettings } from '@paceline/protocol';
import type { ParameterSpec, TensorFlow } from '@paceline/training';

import type { DataDefinition } from './datasets.ts';

/**
 * The optimizer; it runs on the server, in a fixed order of operations. Only `type` is needed: the defaults of each are those
 * of Keras and TensorFlow.js.
 */
export type OptimizerDefinition = WithDefaults<OptimizerSettings, 'type'>;

/**
 * How the learning rate changes with the steps. A schedule that is given no length takes as long as the run was planned to
 * be when it began.
 */
export type ScheduleDefinition = WithDefaults<
  Exclude<ScheduleSettings, { readonly type: 'function' }>,
  'type' | 'everySteps' | 'atSteps' | 'scaleSteps'
>;

/** When training ends. All but `seconds` is the same for every number of workers. */
export type UntilDefinition = WithDefaults<UntilSettings, never>;

/** Settings as a job file says them: only what is `Needed` must be there, and of objects within them nothing. */
type WithDefaults<Settings, Needed extends string> = Settings extends unknown
  ? Pick<Settings, Extract<keyof Settings, Needed>> & {
      readonly [Name in Exclude<keyof Settings, Needed>]?: Partly<
        Exclude<Settings[Name], undefined>
      >;
    }
  : never;

type Partly<Value> = Value extends readonly unknown[]
  ? Value
  : Value extends object
    ? Partial<Value>
    : Value;

/** What all jobs have; everything but the data has a default. */
export interface CommonDefinition {
  /** The file's name by default. */
  readonly name?: string;
  readonly data: DataDefinition;
  readonly optimizer?: OptimizerDefinition;
  /** Constant by default. A function gives the factor of the learning rate in each step: the server calls it. */
  readonly schedule?: ScheduleDefinition | OwnSchedule;
  /** Examples of one step, over all workers. */
  readonly batchSize?: number;
  /** The fixed pieces of a batch: how many decides the bits, so it never depends on the workers. About batchSize / 32 by default. */
  readonly microbatches?: number;
  /** Other batches from later epochs on, for example `[{ fromEpoch: 5, batchSize: 512 }]`. Epochs count from 0. */
  readonly batchSchedule?: readonly {
    readonly fromEpoch: number;
    readonly batchSize: number;
    readonly microbatches?: number;
  }[];
  /** Where to end: with several, whichever comes first, and the end says which. One epoch by default. */
  readonly until?: UntilDefinition;
  readonly evaluation?: { readonly batchSize?: number; readonly everyEpochs?: number };
  readonly seed?: number;
  readonly backend?: 'auto' | 'tensorflow' | 'wasm' | 'cpu';
  /** Threads of one worker; changes bits, so it belongs to the job. 1 by default. */
  readonly threads?: number;
  readonly reproducibility?: 'bitwise' | 'none';
  /** When the summed gradient is not finite: end the run, or skip that step. */
  readonly nonFinite?: 'fail' | 'skip';
  readonly bucketBytes?: number;
  /** When the whole state is written to disk; by default as often as pays off. `keep` is 3 by default. */
  readonly checkpoint?: {
    readonly everySteps?: number;
    readonly everySeconds?: number;
    readonly keep?: number;
    readonly keepEverySteps?: number;
  };
}

/** Any model of tf.layers, compiled or not. */
type LayersModel = InstanceType<TensorFlow['LayersModel']>;
type Tensor = InstanceType<TensorFlow['Tensor']>;
type Variable = InstanceType<TensorFlow['Variable']>;

/**
 * A loss or a metric as a function of labels and predictions: one value per example, or their mean. Its value over a
 * batch is the mean over the examples.
 */
export type OutputFunction = (tf: TensorFlow, labels: Tensor, predictions: Tensor) => Tensor;

/** Weights by the numbers of the classes. */
export type ClassWeights = Readonly<Record<number, number>>;

/** A Keras-style model. Loss and metrics may be left out when the model is compiled. */
export interface LayersJobDefinition extends CommonDefinition {
  /** Makes the model, or is its topology as JSON (`model.toJSON`). */
  readonly model: ((tf: TensorFlow) => LayersModel | Promise<LayersModel>) | object;
  /** A name or a function; for several outputs one each, in order or by name. */
  readonly loss?:
    | string
    | OutputFunction
    | readonly (string | OutputFunction)[]
    | Readonly<Record<string, string | OutputFunction>>;
  /** By what the loss of each output is multiplied, in their order or by name; 1 by default. */
  readonly lossWeights?: readonly number[] | Readonly<Record<string, number>>;
  /**
   * By what the loss of an example is multiplied in training, by the number of its class, as in `model.fit`:
   * `{ 0: 1, 1: 5 }`. For several outputs one such object each, in their order or by name.
   */
  readonly classWeight?:
    ClassWeights | readonly ClassWeights[] | Readonly<Record<string, ClassWeights>>;
  /** For every output, or for each by its name. */
  readonly metrics?:
    | readonly (string | OutputFunction)[]
    | Readonly<Record<string, string | OutputFunction | readonly (string | OutputFunction)[]>>;
  readonly parameters?: never;
}

/**
 * Parameters by name and a loss over them, with the core API alone. `X` and `Y` are what a batch has: a tensor, or
 * several by name when the data have names (then say so in the type of `batch`).
 */
export interface FunctionalJobDefinition<
  P extends Readonly<Record<string, ParameterSpec>> = Readonly<Record<string, ParameterSpec>>,
  X = Tensor,
  Y = Tensor,
> extends CommonDefinition {
  readonly parameters: P;
  /** The mean loss over the examples of the batch, a scalar. */
  readonly loss: FunctionalFunction<P, X, Y>;
  /** Predictions: what metrics that have a name compare with the labels. */
  readonly predict?: FunctionalFunction<P, X, Y>;
  readonly metrics?: readonly (string | FunctionalFunction<P, X, Y>)[];
  readonly model?: never;
}

/** A function of the parameters, by name, and a batch. */
export type FunctionalFunction<P, X = Tensor, Y = Tensor> = (
  tf: TensorFlow,
  parameters: { readonly [K in keyof P]: Variable },
  /** `sampleWeight` is there where the data has it; what becomes of it is the function's business. */
  batch: { readonly x: X; readonly y: Y; readonly sampleWeight?: Tensor },
) => Tensor;

/** What a job file exports by default. Everything in it is checked when the job is loaded. */
export type JobDefinition = CommonDefinition;

/** Types a job as you write it; gives it back as it is. */
export function defineJob<
  const P extends Readonly<Record<string, ParameterSpec>>,
  X = Tensor,
  Y = Tensor,
>(definition: FunctionalJobDefinition<P, X, Y>): JobDefinition;
export function defineJob(definition: LayersJobDefinition): JobDefinition;
export function defineJob(definition: JobDefinition): JobDefinition {
  return definition;
}

import type {
  FunctionalLoss,
  LossFunction,
  MetricFunction,
  ParameterSpec,
  TensorFlow,
} from '@paceline/training';

import type { DataDefinition } from './datasets.ts';

/** The optimizer; it runs on the server, in a fixed order of operations. */
export interface SgdDefinition {
  readonly type: 'sgd';
  readonly learningRate: number;
  /** 0 by default. */
  readonly momentum?: number;
  readonly nesterov?: boolean;
  readonly weightDecay?: number;
  /** Decay of the parameters themselves instead of a term of the gradient. */
  readonly decoupledWeightDecay?: boolean;
}

/** What all jobs have; everything but the data has a default. */
interface CommonDefinition {
  /** The file's name by default. */
  readonly name?: string;
  readonly data: DataDefinition;
  readonly optimizer?: SgdDefinition;
  /** Examples of one step, over all workers. */
  readonly batchSize?: number;
  /** The fixed pieces of a batch: how many decides the bits, so it never depends on the workers. About batchSize / 32 by default. */
  readonly microbatches?: number;
  /** Where to end; with both, whichever comes first. One epoch by default. */
  readonly until?: { readonly epochs?: number; readonly steps?: number };
  readonly evaluation?: { readonly batchSize?: number; readonly everyEpochs?: number };
  readonly seed?: number;
  readonly backend?: 'auto' | 'tensorflow' | 'wasm' | 'cpu';
  /** Threads of one worker; changes bits, so it belongs to the job. 1 by default. */
  readonly threads?: number;
  readonly reproducibility?: 'bitwise' | 'none';
  /** When the summed gradient is not finite: end the run, or skip that step. */
  readonly nonFinite?: 'fail' | 'skip';
  readonly bucketBytes?: number;
  readonly checkpoint?: { readonly everySteps?: number; readonly keep?: number };
}

/** Any model of tf.layers, compiled or not. */
type LayersModel = InstanceType<TensorFlow['LayersModel']>;

/** A Keras-style model. Loss and metrics may be left out when the model is compiled. */
export interface LayersJobDefinition extends CommonDefinition {
  /** Makes the model, or is its topology as JSON. */
  readonly model: ((tf: TensorFlow) => LayersModel | Promise<LayersModel>) | object;
  readonly loss?:
    | string
    | LossFunction
    | readonly (string | LossFunction)[]
    | Readonly<Record<string, string | LossFunction>>;
  readonly metrics?: readonly (string | MetricFunction)[];
}

/** Parameters by name and a loss over them, with the core API alone. */
export interface FunctionalJobDefinition extends CommonDefinition {
  readonly parameters: Readonly<Record<string, ParameterSpec>>;
  /** (tf, parameters, batch) => the mean loss over the examples, a scalar. */
  readonly loss: FunctionalLoss;
  /** (tf, parameters, batch) => predictions: what metrics that have a name compare with the labels. */
  readonly predict?: FunctionalLoss;
  readonly metrics?: readonly (string | FunctionalLoss)[];
}

/** What a job file exports by default. */
export type JobDefinition = LayersJobDefinition | FunctionalJobDefinition;

/** Types a job as you write it; gives it back as it is. Everything is checked when the job is loaded. */
export function defineJob(definition: JobDefinition): JobDefinition {
  return definition;
}

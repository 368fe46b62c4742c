import type { JobDefinition } from 'paceline';

/** One model of the board, trained by everybody who can. */
export interface ModelBenchmark {
  readonly name: string;
  /** What is trained, in a line. */
  readonly title: string;
  readonly job: JobDefinition;
  /** Examples of one step, over all workers. */
  readonly batchSize: number;
  /** Steps before anything is measured: while V8 compiles, small models take longer. */
  readonly warmUpSteps: number;
  /** Steps of one block: long enough that a block takes about two seconds. */
  readonly blockSteps: number;
}

interface Layer {
  readonly class_name: string;
  readonly config: Readonly<Record<string, unknown>>;
}

const never = { everyEpochs: 1_000_000 };

/** A job that needs no file on workers, trains without evaluating, and goes on until it is stopped. */
export function endlessJob(o: {
  readonly name: string;
  readonly layers: readonly Layer[];
  readonly loss: string;
  readonly data: JobDefinition['data'];
  readonly batchSize: number;
  readonly microbatches: number;
}): JobDefinition {
  const config = { name: o.name, layers: o.layers };
  const definition = {
    name: o.name,
    model: { type: 'layers', topology: { class_name: 'Sequential', config } },
    loss: o.loss,
    data: o.data,
    optimizer: { type: 'sgd', learningRate: 0.05 } as const,
    batchSize: o.batchSize,
    microbatches: o.microbatches,
    until: { steps: 1_000_000_000 },
    evaluation: never,
    threads: 1,
  };
  return definition;
}

/** A fully connected layer. */
export function dense(units: number, activation: string, inputs?: number): Layer {
  const shape = inputs === undefined ? {} : { batch_input_shape: [null, inputs] };
  return { class_name: 'Dense', config: { ...shape, units, activation } };
}

/** A 3x3 convolution with relu. */
export function convolution(filters: number, inputs?: readonly number[]): Layer {
  const shape = inputs === undefined ? {} : { batch_input_shape: [null, ...inputs] };
  const config = { ...shape, filters, kernel_size: 3, activation: 'relu' };
  return { class_name: 'Conv2D', config };
}

/** 2x2 max pooling. */
export const pooling: Layer = { class_name: 'MaxPooling2D', config: { pool_size: 2 } };

/** Rows out of images. */
export const flatten: Layer = { class_name: 'Flatten', config: {} };

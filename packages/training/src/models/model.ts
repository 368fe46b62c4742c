/** The port of a model: variables, and loss and metrics of a batch. */
import type { Scalar, Tensor, Variable } from '@tensorflow/tfjs';
import type { LabelForm } from '../datasets/dataset.ts';

/** A variable of the model under its canonical name. */
export interface ModelVariable {
  readonly name: string;
  readonly shape: readonly number[];
  readonly variable: Variable;
  readonly trainable: boolean;
}

/** A tensor of a batch; the name is empty when the data has only one. */
export interface NamedTensor {
  readonly name: string;
  readonly tensor: Tensor;
}

/** A batch on the backend; every tensor's first dimension is `examples`. */
export interface TensorBatch {
  readonly examples: number;
  readonly x: readonly NamedTensor[];
  readonly y: readonly NamedTensor[];
  /** Weights of the examples, by output, or without a name for all; undefined: each counts once. */
  readonly weights?: readonly NamedTensor[];
}

/** Training has dropout, batch statistics and regularisers; evaluation has none of them. */
export type Mode = 'training' | 'evaluation';

/** Sums over the examples of a batch: number of examples x mean loss, and what each sum of the metrics counts. */
export interface Computed {
  readonly loss: Scalar;
  readonly counts: readonly Tensor[];
}

/** A model with its loss and metrics on one backend. */
export interface TrainableModel {
  /** Trainable ones first, each group in the model's order. */
  readonly variables: readonly ModelVariable[];
  readonly topology: object | null;
  /** What the counts are called: the sums of the metrics, in their order. */
  readonly metricNames: readonly string[];
  /** How the loss wants class labels. */
  readonly labels: LabelForm;
  readonly notices: readonly string[];

  /**
   * Loss and metrics of a batch, inside the caller's tidy (and tape, when training). Assigns the state variables when
   * training. @throws {TrainingError} `bad-shape`, `bad-loss`, `bad-metric`.
   */
  compute(batch: TensorBatch, mode: Mode): Computed;

  /**
   * Checks with one batch what can only be checked with data: that the saved model will compute the same.
   * @throws {TrainingError} `unsavable-model`.
   */
  verifySaved(batch: TensorBatch): void;

  /** Runs `body` while `currentLayer` follows which layer is being called. */
  trackLayers<T>(body: () => T): T;

  /** Name of the innermost layer in whose call the thread is (or, after an error, was); undefined outside. */
  currentLayer(): string | undefined;

  dispose(): void;
}

/** The port between tensors and everything else: what a worker's compute loop calls. */
import type { ExampleOrder, ParameterLayout } from '@paceline/math';

/** Identity of a split: how many examples, and SHA-256 (hex) of its bytes. */
export interface SplitInfo {
  readonly examples: number;
  readonly digest: string;
}

/** One microbatch of one step. `indices` are examples of the train split, at least one. */
export interface GradientTask {
  readonly step: number;
  readonly microbatch: number;
  /** Not changed afterwards: the same array means the same examples. */
  readonly indices: Uint32Array;
}

/**
 * Takes a piece of a leaf: the numbers that `read` brings out of the backend belong at `offset` (elements of the flat
 * vector). They may be memory of the backend that is used again after the call: copy them.
 */
export type WriteLeaf = (offset: number, read: () => Float32Array) => void;

/**
 * A model, its data and its loss on one backend, ready to compute. Every method blocks the thread, but for data that come
 * later: then `load` gives a promise.
 */
export interface PreparedJob {
  readonly layout: ParameterLayout;
  /** Names of the scalars section: `weight`, `loss`, then those of the sums of the metrics. */
  readonly scalars: readonly string[];
  /** LayersModel topology with canonical names, or null for a model that is only functions. */
  readonly topology: object | null;
  readonly splits: { readonly train: SplitInfo; readonly test?: SplitInfo };
  /** The order of the training examples in each epoch. */
  readonly order: ExampleOrder;
  /** What a user should hear once: an optimizer of compile() that is not used, parameters without gradient, ... */
  readonly notices: readonly string[];

  /** The initial parameters, keyed by the seed: a fresh flat vector of the whole layout, the caller's. */
  initialParameters(): Float32Array;

  /** Binds a version. `flat` (whole layout) is only read, and must stay as it is until the next call. */
  setParameters(flat: Float32Array): void;

  /** Other values of the trainable parameters, from a vector like that: until the next version is bound. */
  setTrainable(flat: Float32Array): void;

  /**
   * Brings the examples of a task, for `gradient` of the same one. Undefined when there is nothing to wait for: data that are
   * at hand need not be loaded.
   */
  load(task: GradientTask): Promise<void> | undefined;

  /** The same for `evaluate` of the same array. */
  loadTest(indices: Uint32Array): Promise<void> | undefined;

  /**
   * One leaf: weight x gradient of the mean loss, weight x (s_i - s) of the state, and the scalars; the weight is the
   * number of examples. NaN and infinity are passed on. Depends on (bound parameters, seed, task) only. Every element
   * is written once, each as soon as it is final.
   */
  gradient(task: GradientTask, write: WriteLeaf): void;

  /** Reads the examples of a task that will probably be next, while there is time. Changes nothing but when they are read. */
  readAhead(task: GradientTask): void;

  /** The same for `evaluate` of the same array. */
  readAheadTest(indices: Uint32Array): void;

  /** The scalars of a block of the test split: no dropout, no regularisers, state as bound. Throws without test split. */
  evaluate(indices: Uint32Array): Float32Array;

  /** Gives back every tensor. No method may be called afterwards. */
  dispose(): void;
}

/**
 * The port of the data: examples by index, as typed arrays. No tensors are made here, so that loading may happen on
 * any thread.
 */

/** Values of a batch: `shape` starts with the number of examples; row-major. */
export interface NamedArray {
  /** Name of the input or output it belongs to; empty when the data has only one. */
  readonly name: string;
  readonly values: Float32Array | Int32Array;
  readonly shape: readonly number[];
}

/** Some examples, in the order asked for. The arrays are the caller's, until the next read of the same split. */
export interface Batch {
  readonly examples: number;
  readonly x: readonly NamedArray[];
  readonly y: readonly NamedArray[];
  /** Weights of the examples, by output, or without a name for all; undefined: each counts once. */
  readonly weights?: readonly NamedArray[];
}

/** Runs of examples that are read together: what one of them costs, all cost. */
export interface Blocks {
  /** Examples of each, in order; none is empty. */
  readonly sizes: readonly number[];
  /** So many examples, of several blocks, may be mixed without reading a block over and over. */
  readonly windowExamples: number;
}

/**
 * A split. `digest` is SHA-256 (hex) of what identifies its contents. One whose batches come later is a
 * `Split<Promise<Batch>>`.
 */
export interface Split<B extends Batch | Promise<Batch> = Batch> {
  readonly examples: number;
  readonly digest: string;
  /** What a user should hear once: examples that were left out. */
  readonly notices?: readonly string[];
  readonly blocks?: Blocks;
  /**
   * The examples at `indices`, each below `examples`; blocks, unless it gives a promise. What is drawn at random for them
   * is drawn for `step`, 0 by default.
   */
  read(indices: Uint32Array, step?: number): B;
  /** Closes its files; it is not read afterwards. Two splits may share files: it may be closed twice. */
  close?(): void;
}

/** An opened dataset. */
export interface Dataset<B extends Batch | Promise<Batch> = Batch> {
  readonly train: Split<B>;
  readonly test?: Split<B>;
}

/** A split of which one does not know whether its batches come at once. */
export type AnySplit = Split<Batch | Promise<Batch>>;

/** A dataset of which one does not know it. */
export type AnyDataset = Dataset<Batch | Promise<Batch>>;

/**
 * `full`: any permutation; `blocks`: blocks of neighbours in any order, and examples mixed within a few of them; `none`: as
 * they are in the files, in every epoch.
 */
export type Shuffle = 'full' | 'blocks' | 'none';

/** How integer class labels are given: as one-hot rows, or as one number per example. */
export type LabelForm = 'oneHot' | 'index';

/** What the model and its loss want of a dataset. */
export interface DatasetOptions {
  readonly labels: LabelForm;
  readonly seed: number;
}

/** The train split, and the test split when there is one. */
export function createDataset<B extends Batch | Promise<Batch>>(
  train: Split<B>,
  test: Split<B> | undefined,
): Dataset<B> {
  return test === undefined ? { train } : { train, test };
}

/** Closes the files of both splits. */
export function closeDataset({ train, test }: AnyDataset): void {
  train.close?.();
  test?.close?.();
}

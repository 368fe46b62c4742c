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
}

/** A split. `digest` is SHA-256 (hex) of what identifies its contents. */
export interface Split {
  readonly examples: number;
  readonly digest: string;
  /** What a user should hear once: examples that were left out. */
  readonly notices?: readonly string[];
  /** The examples at `indices`, each below `examples`; blocks. */
  read(indices: Uint32Array): Batch;
  /** Closes its files; it is not read afterwards. Two splits may share files: it may be closed twice. */
  close?(): void;
}

/** An opened dataset. */
export interface Dataset {
  readonly train: Split;
  readonly test?: Split;
}

/** How integer class labels are given: as one-hot rows, or as one number per example. */
export type LabelForm = 'oneHot' | 'index';

/** What the model and its loss want of a dataset. */
export interface DatasetOptions {
  readonly labels: LabelForm;
  readonly seed: number;
}

/** The train split, and the test split when there is one. */
export function createDataset(train: Split, test: Split | undefined): Dataset {
  return test === undefined ? { train } : { train, test };
}

/** Closes the files of both splits. */
export function closeDataset({ train, test }: Dataset): void {
  train.close?.();
  test?.close?.();
}

/** What is said to the thread that reads, and what it says. Plain values: they are copied between threads. */
import type { TrainingErrorCode, TrainingErrorData } from '../../errors.ts';
import type { Batch, DatasetOptions, Split } from '../dataset.ts';
import type { DataSettings } from '../registry.ts';

/** What the thread is started with. */
export interface ReaderParts {
  readonly settings: DataSettings;
  readonly options: DatasetOptions;
}

/** Which of the two. */
export type SplitName = 'train' | 'test';

/** Read these examples; `id` comes back with them. */
export interface ReadOrder {
  readonly id: number;
  readonly split: SplitName;
  readonly indices: Uint32Array;
  readonly step: number | undefined;
}

/** What is known of a split beside its examples. */
export type SplitFacts = Pick<Split, 'examples' | 'digest' | 'notices' | 'blocks'>;

/** An error that crosses threads: one of this package with its code, any other with its words alone. */
export interface SentError {
  readonly code?: TrainingErrorCode;
  readonly message: string;
  readonly data?: TrainingErrorData;
}

/** What the thread says: first that the data are open, then a batch for each order, in their order. */
export type ReaderMessage =
  | { readonly kind: 'opened'; readonly train: SplitFacts; readonly test: SplitFacts | undefined }
  | { readonly kind: 'not-opened'; readonly error: SentError }
  | { readonly kind: 'batch'; readonly id: number; readonly batch: Batch }
  | { readonly kind: 'not-read'; readonly id: number; readonly error: SentError };

/** Train and test of what is read from files: files of their own, or a part of the training examples. */
import type { Batch, Dataset, Shuffle, Split } from '../dataset.ts';
import { createDataset } from '../dataset.ts';
import { divideSplit } from './divide-split.ts';

/** What all kinds of files have in common; paths are relative to the working directory. */
export interface FileSettings {
  readonly train: string | readonly string[];
  readonly test?: string | readonly string[] | undefined;
  /** Part of the training examples that is kept for the test. */
  readonly split?: { readonly test: number } | undefined;
  /** `full` by default. */
  readonly shuffle?: Shuffle | undefined;
}

/** `open` opens the files of a split, those to train on first; else as {@link openPair}. */
export function openSplits(
  { train, test, split }: FileSettings,
  seed: number,
  open: (paths: readonly string[]) => Split,
): Dataset {
  const tested = test === undefined ? undefined : [test].flat();
  return openPair({ train: [train].flat(), test: tested, split }, seed, open);
}

/**
 * `open` opens what a split is read from, that to train on first. Nothing stays open when it throws.
 * @throws {TrainingError} `bad-data` when a part of the examples is all of them, or none.
 */
export function openPair<S, B extends Batch | Promise<Batch>>(
  sources: {
    readonly train: S;
    readonly test?: S | undefined;
    readonly split?: { readonly test: number } | undefined;
  },
  seed: number,
  open: (source: S) => Split<B>,
): Dataset<B> {
  const { test, split } = sources;
  const train = open(sources.train);
  try {
    if (split !== undefined) return divideSplit(train, split.test, seed);
    return createDataset(train, test === undefined ? undefined : open(test));
  } catch (error) {
    train.close?.();
    throw error;
  }
}

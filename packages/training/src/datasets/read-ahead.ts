import { TrainingError } from '../errors.ts';
import type { AnySplit, Batch, Split } from './dataset.ts';

/** A split whose batches are there when they are read, and may have been read before they are asked for. */
export interface ReadAheadSplit extends Split {
  /**
   * Brings the examples at `indices` for the next `read` of the same array, for the same step. Undefined when there is
   * nothing to wait for; else they are there when the promise is fulfilled.
   */
  load(indices: Uint32Array, step?: number): Promise<void> | undefined;
  /**
   * Begins to read the examples at `indices`, for the next `load` or `read` of the same array. What cannot be read is an
   * error then, not now.
   */
  readAhead(indices: Uint32Array, step?: number): void;
}

interface Entry<B> {
  readonly indices: Uint32Array;
  readonly batch: B;
}

/** Lets a split read one batch ahead of the one that is loaded. */
export function createReadAhead(split: AnySplit): ReadAheadSplit {
  let loaded: Entry<Batch> | undefined;
  /** Undefined when it came to nothing: it is read once more when it is needed, and then the error is somebody's. */
  let ahead: Entry<Batch | Promise<Batch | undefined>> | undefined;
  const begin = (indices: Uint32Array, step?: number): Batch | Promise<Batch | undefined> => {
    const known = ahead?.indices === indices ? ahead.batch : undefined;
    if (known !== undefined) ahead = undefined;
    return known ?? split.read(indices, step);
  };
  return {
    examples: split.examples,
    digest: split.digest,
    load(indices, step) {
      loaded = undefined;
      const batch = begin(indices, step);
      if (batch instanceof Promise) {
        return batch.then(async (early) => {
          loaded = { indices, batch: early ?? (await split.read(indices, step)) };
        });
      }
      loaded = { indices, batch };
      return undefined;
    },
    read(indices, step) {
      const batch = loaded?.indices === indices ? loaded.batch : begin(indices, step);
      loaded = undefined;
      if (!(batch instanceof Promise)) return batch;
      batch.catch(() => undefined);
      throw notLoaded();
    },
    readAhead(indices, step) {
      ahead = undefined;
      try {
        const batch = split.read(indices, step);
        const quiet = batch instanceof Promise ? batch.catch(() => undefined) : batch;
        ahead = { indices, batch: quiet };
      } catch {
        // As above.
      }
    },
  };
}

function notLoaded(): TrainingError {
  return new TrainingError('bad-argument', 'these examples come later: they must be loaded first');
}

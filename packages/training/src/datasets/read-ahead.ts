import type { Batch, Split } from './dataset.ts';

/** A split that may have read a batch before it is asked for. */
export interface ReadAheadSplit extends Split {
  /**
   * Reads the examples at `indices` now, for the next `read` of the same array. What cannot be read is an error then, not
   * now.
   */
  readAhead(indices: Uint32Array): void;
}

/** Lets a split read one batch ahead. */
export function createReadAhead(split: Split): ReadAheadSplit {
  let ahead: { readonly indices: Uint32Array; readonly batch: Batch } | undefined;
  return {
    examples: split.examples,
    digest: split.digest,
    read(indices) {
      const batch = ahead?.indices === indices ? ahead.batch : split.read(indices);
      ahead = undefined;
      return batch;
    },
    readAhead(indices) {
      ahead = undefined;
      try {
        ahead = { indices, batch: split.read(indices) };
      } catch {
        // It is read once more when it is needed, and then the error is somebody's.
      }
    },
  };
}

import type { Arena } from '@paceline/math';
import { createArena } from '@paceline/math';

/** What a slab holds for good: parameters and optimizer slots of its buckets, at most so many bytes. */
const slabBytes = 2 ** 30;
/** A slab's memory may grow to this for the sums of a step; WASM's limit is 4 GiB. */
const slabMaximumBytes = 3 * 2 ** 30;

/** WASM memories, and which bucket lives in which. */
export interface Slabs {
  next(bytes: number): Arena;
}

/**
 * Deals buckets out to WASM memories: each bucket with everything that its kernels touch in one of them. `next(bytes)`
 * gives the arena for a bucket that keeps `bytes` for good. A model of any size fits, as no slab holds more than 1 GiB.
 */
export function createSlabs(): Slabs {
  let last: Arena | undefined;
  let room = 0;
  return {
    next(bytes) {
      if (last !== undefined && bytes <= room) {
        room -= bytes;
        return last;
      }
      last = createArena({ maximumBytes: slabMaximumBytes });
      room = slabBytes - bytes;
      return last;
    },
  };
}

import type { Arena } from '@paceline/math';
import { createArena } from '@paceline/math';

/** What a slab holds for good: parameters and optimizer slots of its buckets, at most so many bytes. */
const slabBytes = 2 ** 30;
/** A slab's memory may grow to this for the sums of a step; WASM's limit is 4 GiB. */
const slabMaximumBytes = 3 * 2 ** 30;

/**
 * Deals buckets out to WASM memories: each bucket with everything that its kernels touch in one of them. `next(bytes)`
 * gives the arena for a bucket that keeps `bytes` for good. A model of any size fits, as no slab holds more than 1 GiB.
 */
export function createSlabs(): { next(bytes: number): Arena; readonly arenas: readonly Arena[] } {
  const arenas: Arena[] = [];
  let room = 0;
  return {
    arenas,
    next(bytes) {
      const last = arenas.at(-1);
      if (last !== undefined && bytes <= room) {
        room -= bytes;
        return last;
      }
      const arena = createArena({ maximumBytes: slabMaximumBytes });
      arenas.push(arena);
      room = slabBytes - bytes;
      return arena;
    },
  };
}

/** Blocks of numbers that were read last, up to a number of bytes. */

/** Gives blocks by their number. */
export interface BlockCache {
  /** The block at once when it is there; else it is read, and others that were not used for longest are forgotten. */
  get(block: number): Float32Array | Promise<Float32Array>;
}

/** An empty cache. A block that is larger than the limit is kept alone. */
export function createBlockCache(
  limitBytes: number,
  load: (block: number) => Promise<Float32Array>,
): BlockCache {
  // A map gives its keys in the order in which they came: the first was not used for longest.
  const kept = new Map<number, Float32Array>();
  const coming = new Map<number, Promise<Float32Array>>();
  let bytes = 0;
  const keep = (block: number, values: Float32Array): void => {
    bytes += values.byteLength;
    kept.set(block, values);
    for (const [oldest, { byteLength }] of kept) {
      if (bytes <= limitBytes || oldest === block) break;
      kept.delete(oldest);
      bytes -= byteLength;
    }
  };
  const fetch = async (block: number): Promise<Float32Array> => {
    try {
      const values = await load(block);
      keep(block, values);
      return values;
    } finally {
      coming.delete(block);
    }
  };
  return {
    get(block) {
      const values = kept.get(block);
      if (values !== undefined) {
        kept.delete(block);
        kept.set(block, values);
        return values;
      }
      const promise = coming.get(block) ?? fetch(block);
      coming.set(block, promise);
      return promise;
    },
  };
}

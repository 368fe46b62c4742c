/** The most areas of one size that wait to be used again: what one bucket needs while the one before is still leaving. */
const mostFree = 4;

/**
 * Memory for frames, used again and again: a fresh area for each bucket of each step costs page faults, zeros that nobody
 * reads, and collections.
 */
export interface FramePool {
  /** An area of exactly so many bytes, with whatever was in it. */
  take(bytes: number): Uint8Array<ArrayBuffer>;
  /** The area may be taken again. */
  release(area: Uint8Array<ArrayBuffer>): void;
}

/** Opens an empty pool. */
export function createFramePool(): FramePool {
  const free = new Map<number, Uint8Array<ArrayBuffer>[]>();
  return {
    take: (bytes) => free.get(bytes)?.pop() ?? new Uint8Array(bytes),
    release(area) {
      const areas = free.get(area.length) ?? [];
      if (areas.length < mostFree) areas.push(area);
      free.set(area.length, areas);
    },
  };
}

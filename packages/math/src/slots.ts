/**
 * Bucket slots: the memory area of one leaf or node, with a gap in front of each bucket's data, so that a message's
 * prefix can be written there and [prefix | data] leaves as one contiguous frame without a copy.
 */
import { isGradientBucket } from './buckets.ts';
import type { Bucket } from './buckets.ts';
import { checkWhole } from './checks.ts';

/** Data starts at multiples of this: a cache line, and more than any SIMD load asks for. */
export const alignmentBytes: number = 64;

/** Where the data of each bucket starts inside an area, and how large the area is. All in bytes. */
export interface SlotLayout {
  readonly bytes: number;
  /** By bucket index, from the start of the area; -1 for a bucket that workers never send. */
  readonly dataOffset: readonly number[];
  /** At least so many bytes are free in front of each bucket's data. */
  readonly headroomBytes: number;
}

/**
 * Gives every gradient bucket a slot, in order of the buckets. The area itself must start 64-byte aligned.
 * @throws {MathError} `bad-argument` for a headroom that is not a whole number >= 0.
 */
export function planSlots(buckets: readonly Bucket[], headroomBytes: number): SlotLayout {
  checkWhole('headroomBytes', headroomBytes, { least: 0 });
  let end = 0;
  const dataOffset = buckets.map((bucket) => {
    if (!isGradientBucket(bucket)) return -1;
    const start = alignUp(end + headroomBytes);
    end = start + bucket.length * Float32Array.BYTES_PER_ELEMENT;
    return start;
  });
  return Object.freeze({
    bytes: alignUp(end),
    dataOffset: Object.freeze(dataOffset),
    headroomBytes,
  });
}

/** The smallest multiple of {@link alignmentBytes} that is >= `bytes`. Exact beyond 2^32. */
export function alignUp(bytes: number): number {
  return Math.ceil(bytes / alignmentBytes) * alignmentBytes;
}

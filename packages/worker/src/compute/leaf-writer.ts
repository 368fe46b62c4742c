import type { AttachedArena, Bucket, SlotLayout } from '@paceline/math';
import { copyBytes } from '@paceline/protocol';

/**
 * Writes pieces of the flat gradient vector into an area with gaps: a tensor may lie across buckets, and each bucket's
 * data starts at its own slot.
 */
export function createLeafWriter(
  arena: Pick<AttachedArena, 'bytes'>,
  buckets: readonly Bucket[],
  slots: SlotLayout,
): (pointer: number) => (offset: number, values: Float32Array) => void {
  const targets = buckets.filter((bucket) => (slots.dataOffset[bucket.index] ?? -1) >= 0);
  return (pointer) => (offset, values) => {
    const end = offset + values.length;
    for (const bucket of targets) {
      const first = Math.max(offset, bucket.offset);
      const last = Math.min(end, bucket.offset + bucket.length);
      if (first >= last) continue;
      const place = pointer + (slots.dataOffset[bucket.index] ?? 0) + (first - bucket.offset) * 4;
      const { buffer, byteOffset, byteLength } = values.subarray(first - offset, last - offset);
      copyBytes(arena.bytes(place, byteLength), new Uint8Array(buffer, byteOffset, byteLength));
    }
  };
}

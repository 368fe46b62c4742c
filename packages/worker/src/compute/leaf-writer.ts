import type { AttachedArena, Bucket, SlotLayout } from '@paceline/math';
import { copyBytes } from '@paceline/protocol';

/** Takes a piece of the flat gradient vector that begins at `offset`. */
export type WritePiece = (offset: number, values: Float32Array) => void;

/** So many bytes of complete buckets are worth a message to another thread. */
const worthTellingBytes = 2 ** 20;

/**
 * Opens a writer of leaves into areas with gaps: a tensor may lie across buckets, and each bucket's data starts at its own
 * slot. Every element is written once. `onComplete` hears of buckets to which nothing will be written any more, as soon
 * as they have `earlyBytes`, but not of the last ones.
 */
export function createLeafWriter(
  arena: Pick<AttachedArena, 'bytes'>,
  buckets: readonly Bucket[],
  slots: SlotLayout,
  earlyBytes: number = worthTellingBytes,
): (pointer: number, onComplete: (buckets: readonly number[]) => void) => WritePiece {
  const targets = buckets.filter((bucket) => (slots.dataOffset[bucket.index] ?? -1) >= 0);
  return (pointer, onComplete) => {
    const missing = targets.map(({ length }) => length);
    let complete: number[] = [];
    let completeBytes = 0;
    let open = targets.length;
    const wrote = (target: number, floats: number): void => {
      const left = (missing[target] ?? 0) - floats;
      missing[target] = left;
      if (left > 0) return;
      const { index, length } = targets[target] as Bucket;
      complete.push(index);
      completeBytes += length * Float32Array.BYTES_PER_ELEMENT;
      open -= 1;
      if (open === 0 || completeBytes < earlyBytes) return;
      onComplete(complete);
      complete = [];
      completeBytes = 0;
    };
    return (offset, values) => {
      const end = offset + values.length;
      targets.forEach((bucket, target) => {
        const first = Math.max(offset, bucket.offset);
        const last = Math.min(end, bucket.offset + bucket.length);
        if (first >= last) return;
        const place = pointer + (slots.dataOffset[bucket.index] ?? 0) + (first - bucket.offset) * 4;
        const { buffer, byteOffset, byteLength } = values.subarray(first - offset, last - offset);
        copyBytes(arena.bytes(place, byteLength), new Uint8Array(buffer, byteOffset, byteLength));
        wrote(target, last - first);
      });
    };
  };
}

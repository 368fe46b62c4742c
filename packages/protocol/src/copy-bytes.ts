/** As much of Node's `Buffer` as is used here, where there is one. */
interface NativeBuffer {
  from(
    buffer: ArrayBufferLike,
    offset: number,
    length: number,
  ): { fill(value: Uint8Array): unknown };
}

const nativeBuffer = (globalThis as { readonly Buffer?: NativeBuffer }).Buffer;

/**
 * Copies `source` to the start of `target`, which must be at least as long; the two must not overlap.
 *
 * What `target.set(source)` does as well, but shared memory is read and written there in words where both lie alike, else
 * byte by byte: 3 GB/s. Node's `fill` is one `memcpy`, 40 GB/s; what it fills with is the whole source, once.
 */
export function copyBytes(target: Uint8Array, source: Uint8Array): void {
  if (nativeBuffer === undefined || source.length === 0) return target.set(source);
  if (source.length > target.length) throw new RangeError('the source is longer than the target');
  nativeBuffer.from(target.buffer, target.byteOffset, source.length).fill(source);
}

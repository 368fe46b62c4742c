import type { Segment } from './optimizer.ts';

/** Numbers, for the time of a kernel, in the memory that it works on. */
export function lend(
  { arena }: Pick<Segment, 'arena'>,
  numbers: Float32Array | Float64Array,
): { readonly pointer: number; readonly takeBack: () => void } {
  const pointer = arena.allocate(numbers.byteLength);
  const there = arena.bytes(pointer, numbers.byteLength);
  const here = new Uint8Array(numbers.buffer, numbers.byteOffset, numbers.byteLength);
  there.set(here);
  return {
    pointer,
    takeBack: () => {
      here.set(there);
      arena.free(pointer, numbers.byteLength);
    },
  };
}

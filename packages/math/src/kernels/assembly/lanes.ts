// Four floats at a time, and one at a time for the rest, by the same formula on the same registers: a single float is
// worked on in the first lane beside three zeros.

/** Bytes of a SIMD register. */
export const LANES_BYTES: usize = 16;

/** Bytes of a float. */
export const FLOAT_BYTES: usize = 4;

/** The bytes of `count` floats that fill whole registers. */
@inline
export function wholeBytes(count: usize): usize {
  return (count << 2) & ~(LANES_BYTES - 1);
}

/** The bytes of `count` floats. */
@inline
export function bytesOf(count: usize): usize {
  return count << 2;
}

/** Reads four floats, or one; `whole` is a constant wherever this is inlined. */
@inline
export function read(pointer: usize, whole: bool): v128 {
  return whole ? v128.load(pointer) : v128.load32_zero(pointer);
}

/** Writes four floats, or one. */
@inline
export function write(pointer: usize, value: v128, whole: bool): void {
  if (whole) {
    v128.store(pointer, value);
  } else {
    v128.store_lane<f32>(pointer, value, 0);
  }
}

/** Whether a whole register begins at `at`, before `end`. */
@inline
export function isWhole(at: usize, end: usize): bool {
  return at + LANES_BYTES <= end;
}

/** How far a loop goes that works on four floats, or on one. */
@inline
export function stride(whole: bool): usize {
  return whole ? LANES_BYTES : FLOAT_BYTES;
}

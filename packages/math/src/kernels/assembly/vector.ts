// Arithmetic on vectors of floats in linear memory. Pointers are in bytes (multiples of 4 suffice), counts in floats.
// Every element of the result depends on the inputs of its own index only, with one rounding an operation: the bits are
// those of a plain loop with Math.fround. `into` may be one of the inputs: an element is read before it is written.
import { bytesOf, FLOAT_BYTES, LANES_BYTES, read, wholeBytes, write } from './lanes';

/** into = left + right */
export function add(into: usize, left: usize, right: usize, count: usize): void {
  const whole = wholeBytes(count);
  const end = bytesOf(count);
  let at: usize = 0;
  for (; at < whole; at += LANES_BYTES) addAt(into + at, left + at, right + at, true);
  for (; at < end; at += FLOAT_BYTES) addAt(into + at, left + at, right + at, false);
}

/** into = base + scale x from: a product, rounded, then a sum, rounded. */
export function addScaled(into: usize, base: usize, from: usize, scale: f32, count: usize): void {
  const scales = f32x4.splat(scale);
  const whole = wholeBytes(count);
  const end = bytesOf(count);
  let at: usize = 0;
  for (; at < whole; at += LANES_BYTES) addScaledAt(into + at, base + at, from + at, scales, true);
  for (; at < end; at += FLOAT_BYTES) addScaledAt(into + at, base + at, from + at, scales, false);
}

/** The bytes of `from`, NaN payloads included; the two may overlap. */
export function copy(into: usize, from: usize, count: usize): void {
  memory.copy(into, from, bytesOf(count));
}

/**
 * 1 when no element is NaN or infinite. Without its sign a float is ordered like its bits as an integer, and whatever is
 * not finite has bits from those of infinity on: the largest of them decides.
 */
export function isFinite(pointer: usize, count: usize): i32 {
  const magnitudes = i32x4.splat(0x7fffffff);
  const infinities = i32x4.splat(0x7f800000);
  const whole = wholeBytes(count);
  const end = bytesOf(count);
  let largest = i32x4.splat(0);
  let at: usize = 0;
  for (; at < whole; at += LANES_BYTES) {
    largest = i32x4.max_s(largest, v128.and(read(pointer + at, true), magnitudes));
  }
  for (; at < end; at += FLOAT_BYTES) {
    largest = i32x4.max_s(largest, v128.and(read(pointer + at, false), magnitudes));
  }
  return i32(!v128.any_true(i32x4.ge_s(largest, infinities)));
}

@inline
function addAt(into: usize, left: usize, right: usize, whole: bool): void {
  write(into, f32x4.add(read(left, whole), read(right, whole)), whole);
}

@inline
function addScaledAt(into: usize, base: usize, from: usize, scales: v128, whole: bool): void {
  write(into, f32x4.add(read(base, whole), f32x4.mul(scales, read(from, whole))), whole);
}

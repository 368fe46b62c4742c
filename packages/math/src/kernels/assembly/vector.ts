// Arithmetic on vectors of floats in linear memory. Pointers are in bytes (multiples of 4 suffice), counts in floats.
// Every element of the result depends on the inputs of its own index only, with one rounding an operation: the bits are
// those of a plain loop with Math.fround. `into` may be one of the inputs: an element is read before it is written.
import {
  bytesOf,
  FLOAT_BYTES,
  isWhole,
  LANES_BYTES,
  read,
  stride,
  wholeBytes,
  write,
} from './lanes';

/** into = left + right */
export function add(into: usize, left: usize, right: usize, count: usize): void {
  const whole = wholeBytes(count);
  const end = bytesOf(count);
  let at: usize = 0;
  for (; at < whole; at += LANES_BYTES) addAt(into + at, left + at, right + at, true);
  for (; at < end; at += FLOAT_BYTES) addAt(into + at, left + at, right + at, false);
}

/**
 * into = left + right, and in the same pass 1 when all of right was finite, plus 2 when all of the sum is: see isFinite.
 */
export function addChecked(into: usize, left: usize, right: usize, count: usize): i32 {
  const whole = wholeBytes(count);
  const end = bytesOf(count);
  let given = i32x4.splat(0);
  let sums = i32x4.splat(0);
  let at: usize = 0;
  for (; at < whole; at += LANES_BYTES) {
    const value = read(right + at, true);
    const sum = f32x4.add(read(left + at, true), value);
    given = largestOf(given, value);
    sums = largestOf(sums, sum);
    write(into + at, sum, true);
  }
  for (; at < end; at += FLOAT_BYTES) {
    const value = read(right + at, false);
    const sum = f32x4.add(read(left + at, false), value);
    given = largestOf(given, value);
    sums = largestOf(sums, sum);
    write(into + at, sum, false);
  }
  return isBelowInfinity(given) | (isBelowInfinity(sums) << 1);
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

/** into = scale x from, a product rounded once. */
export function scaled(into: usize, from: usize, scale: f32, count: usize): void {
  const scales = f32x4.splat(scale);
  const end = bytesOf(count);
  let whole = true;
  for (let at: usize = 0; at < end; at += stride(whole)) {
    whole = isWhole(at, end);
    write(into + at, f32x4.mul(scales, read(from + at, whole)), whole);
  }
}

/** into = scale x from, but at least -bound and at most bound. */
export function clamped(into: usize, from: usize, scale: f32, bound: f32, count: usize): void {
  const scales = f32x4.splat(scale);
  const most = f32x4.splat(bound);
  const least = f32x4.splat(-bound);
  const end = bytesOf(count);
  let whole = true;
  for (let at: usize = 0; at < end; at += stride(whole)) {
    whole = isWhole(at, end);
    const value = f32x4.mul(scales, read(from + at, whole));
    write(into + at, f32x4.max(f32x4.min(value, most), least), whole);
  }
}

/** into = from + share x (to - from). */
export function between(into: usize, from: usize, to: usize, share: f32, count: usize): void {
  const shares = f32x4.splat(share);
  const end = bytesOf(count);
  let whole = true;
  for (let at: usize = 0; at < end; at += stride(whole)) {
    whole = isWhole(at, end);
    const base = read(from + at, whole);
    const move = f32x4.mul(shares, f32x4.sub(read(to + at, whole), base));
    write(into + at, f32x4.add(base, move), whole);
  }
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
  const whole = wholeBytes(count);
  const end = bytesOf(count);
  let largest = i32x4.splat(0);
  let at: usize = 0;
  for (; at < whole; at += LANES_BYTES) largest = largestOf(largest, read(pointer + at, true));
  for (; at < end; at += FLOAT_BYTES) largest = largestOf(largest, read(pointer + at, false));
  return isBelowInfinity(largest);
}

/** Of each lane, the larger of a magnitude, as an integer, and that of a float. */
@inline
function largestOf(largest: v128, value: v128): v128 {
  return i32x4.max_s(largest, v128.and(value, i32x4.splat(0x7fffffff)));
}

@inline
function isBelowInfinity(largest: v128): i32 {
  return i32(!v128.any_true(i32x4.ge_s(largest, i32x4.splat(0x7f800000))));
}

@inline
function addAt(into: usize, left: usize, right: usize, whole: bool): void {
  write(into, f32x4.add(read(left, whole), read(right, whole)), whole);
}

@inline
function addScaledAt(into: usize, base: usize, from: usize, scales: v128, whole: bool): void {
  write(into, f32x4.add(read(base, whole), f32x4.mul(scales, read(from, whole))), whole);
}

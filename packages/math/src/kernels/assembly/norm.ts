// Sums of squares over tensors, by blocks: wherever a tensor is cut into buckets, its sum has the same bits. Element k of a
// tensor belongs to lane k % 8 of block k / 1024 (rounded down); a lane adds its squares in the order of the elements, a
// block adds its lanes in pairs, and the blocks are added by the caller.
import { FLOAT_BYTES } from './lanes';

const BLOCK: usize = 1024;
const LANES: usize = 8;
const DOUBLE_BYTES: usize = 8;

/**
 * Adds the squares of `count` floats, of which the first is element `start` of its tensor. `lanes` points at 8 Float64,
 * the sums of the open block: zeros at its start, to be handed in again by whoever goes on. The sum of each block that is
 * complete is written to `sums`, one Float64 each; with `isEnd` that of the last one, too. Gives back how many.
 */
export function addToBlocks(
  pointer: usize,
  count: usize,
  start: usize,
  lanes: usize,
  sums: usize,
  isEnd: i32,
): usize {
  let at = pointer;
  let k = start % BLOCK;
  let left = count;
  let into = sums;
  while (left > 0) {
    const length = min(left, BLOCK - k);
    addSquaresTo(lanes, at, k, length);
    at += length * FLOAT_BYTES;
    left -= length;
    k += length;
    if (k == BLOCK || (left == 0 && isEnd != 0)) {
      f64.store(into, closeBlock(lanes));
      into += DOUBLE_BYTES;
      k = 0;
    }
  }
  return (into - sums) / DOUBLE_BYTES;
}

/** Inside one block: by eights where they are whole, else one by one. */
@inline
function addSquaresTo(lanes: usize, pointer: usize, start: usize, length: usize): void {
  let k = start;
  let at = pointer;
  const end = start + length;
  for (; k < end && k % LANES != 0; k++, at += FLOAT_BYTES) addOne(lanes, at, k);
  let a = v128.load(lanes);
  let b = v128.load(lanes, 16);
  let c = v128.load(lanes, 32);
  let d = v128.load(lanes, 48);
  for (; k + LANES <= end; k += LANES, at += LANES * FLOAT_BYTES) {
    const low = v128.load(at);
    const high = v128.load(at, 16);
    a = f64x2.add(a, squaresOfPair(low));
    b = f64x2.add(b, squaresOfPair(upperPair(low)));
    c = f64x2.add(c, squaresOfPair(high));
    d = f64x2.add(d, squaresOfPair(upperPair(high)));
  }
  v128.store(lanes, a);
  v128.store(lanes, b, 16);
  v128.store(lanes, c, 32);
  v128.store(lanes, d, 48);
  for (; k < end; k++, at += FLOAT_BYTES) addOne(lanes, at, k);
}

@inline
function addOne(lanes: usize, pointer: usize, k: usize): void {
  const lane = lanes + (k % LANES) * DOUBLE_BYTES;
  const value = f64(f32.load(pointer));
  f64.store(lane, f64.load(lane) + value * value);
}

@inline
function squaresOfPair(values: v128): v128 {
  const pair = f64x2.promote_low_f32x4(values);
  return f64x2.mul(pair, pair);
}

@inline
function upperPair(values: v128): v128 {
  return v128.shuffle<i64>(values, values, 1, 1);
}

/** The sum of the lanes, in pairs; they are zeros afterwards. */
@inline
function closeBlock(lanes: usize): f64 {
  const left = f64.load(lanes) + f64.load(lanes, 8) + (f64.load(lanes, 16) + f64.load(lanes, 24));
  const right =
    f64.load(lanes, 32) + f64.load(lanes, 40) + (f64.load(lanes, 48) + f64.load(lanes, 56));
  memory.fill(lanes, 0, LANES * DOUBLE_BYTES);
  return left + right;
}

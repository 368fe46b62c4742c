// Adafactor on a part of one tensor; the formulas and their source are documented in optimizer/adafactor.ts. The tensor is
// one or several matrices, one behind the other, of `columns` columns; a part begins at any element and ends at any.
import { bytesOf, FLOAT_BYTES, isWhole, read, stride, write } from './lanes';

const DOUBLE_BYTES: usize = 8;

/**
 * Adds the squares of the mean gradient to the sums of rows and columns, in Float64 and in the order of the elements.
 * `rows` points at the sum of the first row of the part, `columnSums` at that of the first column of its first matrix;
 * `column` is where the part begins in its row, and `rowsLeft` how many rows its first matrix still has, that one included.
 */
export function addSquares(
  gradient: usize,
  count: usize,
  scale: f32,
  rows: usize,
  columnSums: usize,
  columns: usize,
  rowsOfMatrix: usize,
  column: usize,
  rowsLeft: usize,
): void {
  const end = gradient + bytesOf(count);
  let at = gradient;
  let j = column;
  let left = rowsLeft;
  while (at < end) {
    let sum = f64.load(rows);
    for (; j < columns && at < end; j++, at += FLOAT_BYTES) {
      const g = f64(scale * f32.load(at));
      const square = g * g;
      sum += square;
      const total = columnSums + j * DOUBLE_BYTES;
      f64.store(total, f64.load(total) + square);
    }
    f64.store(rows, sum);
    if (j < columns) return;
    j = 0;
    rows += DOUBLE_BYTES;
    left -= 1;
    if (left == 0) {
      left = rowsOfMatrix;
      columnSums += columns * DOUBLE_BYTES;
    }
  }
}

/** gradient = scale x gradient x rowFactor x columnFactor, in place; where everything is as {@link addSquares} has it, in Float32. */
export function applyFactors(
  gradient: usize,
  count: usize,
  scale: f32,
  rowFactors: usize,
  columnFactors: usize,
  columns: usize,
  rowsOfMatrix: usize,
  column: usize,
  rowsLeft: usize,
): void {
  const end = gradient + bytesOf(count);
  let at = gradient;
  let j = column;
  let left = rowsLeft;
  while (at < end) {
    const rest = min(bytesOf(columns - j), end - at);
    scaleRow(at, columnFactors + bytesOf(j), rest, scale, f32.load(rowFactors));
    at += rest;
    j = 0;
    rowFactors += FLOAT_BYTES;
    left -= 1;
    if (left == 0) {
      left = rowsOfMatrix;
      columnFactors += bytesOf(columns);
    }
  }
}

@inline
function scaleRow(row: usize, factors: usize, bytes: usize, scale: f32, factor: f32): void {
  const s = f32x4.splat(scale);
  const f = f32x4.splat(factor);
  let whole = true;
  for (let at: usize = 0; at < bytes; at += stride(whole)) {
    whole = isWhole(at, bytes);
    const g = f32x4.mul(f32x4.mul(s, read(row + at, whole)), f);
    write(row + at, f32x4.mul(g, read(factors + at, whole)), whole);
  }
}

/**
 * For tensors that are no matrices: gradient = scale x gradient / root of `meanSquare`, which is rho x itself + restOfRho x
 * the square + `added` first.
 */
export function divideByRoot(
  gradient: usize,
  meanSquare: usize,
  count: usize,
  scale: f32,
  rho: f32,
  restOfRho: f32,
  added: f32,
): void {
  const s = f32x4.splat(scale);
  const o = f32x4.splat(rho);
  const c = f32x4.splat(restOfRho);
  const a = f32x4.splat(added);
  const end = bytesOf(count);
  let whole = true;
  for (let at: usize = 0; at < end; at += stride(whole)) {
    whole = isWhole(at, end);
    const g = f32x4.mul(s, read(gradient + at, whole));
    const square = f32x4.add(f32x4.mul(c, f32x4.mul(g, g)), a);
    const mean = f32x4.add(f32x4.mul(o, read(meanSquare + at, whole)), square);
    write(meanSquare + at, mean, whole);
    write(gradient + at, f32x4.div(g, f32x4.sqrt(mean)), whole);
  }
}

// Adagrad, RMSProp and Adadelta on one bucket: optimizers that divide by the root of a sum, or of a running mean, of the
// squares of the gradient. The formulas and their sources are documented in optimizer/<name>.ts.
import { decayed, meanGradient } from './decay';
import { bytesOf, isWhole, read, stride, write } from './lanes';

/** `accumulator` is read and written. */
export function adagrad(
  decayRule: i32,
  target: usize,
  parameters: usize,
  gradient: usize,
  accumulator: usize,
  count: usize,
  scale: f32,
  rate: f32,
  epsilon: f32,
  decay: f32,
): void {
  const s = f32x4.splat(scale);
  const r = f32x4.splat(rate);
  const e = f32x4.splat(epsilon);
  const d = f32x4.splat(decay);
  const end = bytesOf(count);
  let whole = true;
  for (let at: usize = 0; at < end; at += stride(whole)) {
    whole = isWhole(at, end);
    const p = read(parameters + at, whole);
    const g = meanGradient(gradient + at, s, p, decayRule, d, whole);
    const sum = f32x4.add(read(accumulator + at, whole), f32x4.mul(g, g));
    write(accumulator + at, sum, whole);
    const move = f32x4.div(f32x4.mul(r, g), f32x4.add(f32x4.sqrt(sum), e));
    write(target + at, f32x4.sub(decayed(p, decayRule, d), move), whole);
  }
}

/** `meanGradientAt` is not touched unless `isCentered`, nor `velocity` unless `hasMomentum`. */
export function rmsprop(
  isCentered: i32,
  hasMomentum: i32,
  decayRule: i32,
  target: usize,
  parameters: usize,
  gradient: usize,
  meanSquare: usize,
  meanGradientAt: usize,
  velocity: usize,
  count: usize,
  scale: f32,
  rate: f32,
  rho: f32,
  restOfRho: f32,
  momentum: f32,
  epsilon: f32,
  innerEpsilon: f32,
  decay: f32,
): void {
  const s = f32x4.splat(scale);
  const r = f32x4.splat(rate);
  const o = f32x4.splat(rho);
  const c = f32x4.splat(restOfRho);
  const m = f32x4.splat(momentum);
  const e = f32x4.splat(epsilon);
  const i = f32x4.splat(innerEpsilon);
  const d = f32x4.splat(decay);
  const end = bytesOf(count);
  let whole = true;
  for (let at: usize = 0; at < end; at += stride(whole)) {
    whole = isWhole(at, end);
    const p = read(parameters + at, whole);
    const g = meanGradient(gradient + at, s, p, decayRule, d, whole);
    let square = runningSquare(meanSquare + at, g, o, c, whole);
    if (isCentered != 0) {
      const mean = approach(meanGradientAt + at, g, c, whole);
      // What rounding leaves below zero has no root.
      square = f32x4.max(f32x4.sub(square, f32x4.mul(mean, mean)), f32x4.splat(0));
    }
    // One of the two is zero, and adding zero changes no bit of what is not negative.
    let move = f32x4.div(g, f32x4.add(f32x4.sqrt(f32x4.add(square, i)), e));
    if (hasMomentum != 0) {
      move = f32x4.add(f32x4.mul(m, read(velocity + at, whole)), move);
      write(velocity + at, move, whole);
    }
    write(target + at, f32x4.sub(decayed(p, decayRule, d), f32x4.mul(r, move)), whole);
  }
}

/** `meanSquare` and `meanSquareMove` are read and written. */
export function adadelta(
  decayRule: i32,
  target: usize,
  parameters: usize,
  gradient: usize,
  meanSquare: usize,
  meanSquareMove: usize,
  count: usize,
  scale: f32,
  rate: f32,
  rho: f32,
  restOfRho: f32,
  epsilon: f32,
  decay: f32,
): void {
  const s = f32x4.splat(scale);
  const r = f32x4.splat(rate);
  const o = f32x4.splat(rho);
  const c = f32x4.splat(restOfRho);
  const e = f32x4.splat(epsilon);
  const d = f32x4.splat(decay);
  const end = bytesOf(count);
  let whole = true;
  for (let at: usize = 0; at < end; at += stride(whole)) {
    whole = isWhole(at, end);
    const p = read(parameters + at, whole);
    const g = meanGradient(gradient + at, s, p, decayRule, d, whole);
    const root = f32x4.sqrt(f32x4.add(runningSquare(meanSquare + at, g, o, c, whole), e));
    const before = f32x4.sqrt(f32x4.add(read(meanSquareMove + at, whole), e));
    const move = f32x4.mul(f32x4.div(before, root), g);
    runningSquare(meanSquareMove + at, move, o, c, whole);
    write(target + at, f32x4.sub(decayed(p, decayRule, d), f32x4.mul(r, move)), whole);
  }
}

/** mean = rho x mean + (1 - rho) x value x value, in place. */
@inline
export function runningSquare(
  pointer: usize,
  value: v128,
  rho: v128,
  restOfRho: v128,
  whole: bool,
): v128 {
  const added = f32x4.mul(f32x4.mul(restOfRho, value), value);
  const mean = f32x4.add(f32x4.mul(rho, read(pointer, whole)), added);
  write(pointer, mean, whole);
  return mean;
}

/** mean = mean + share x (value - mean), in place. */
@inline
export function approach(pointer: usize, value: v128, share: v128, whole: bool): v128 {
  const before = read(pointer, whole);
  const mean = f32x4.add(before, f32x4.mul(share, f32x4.sub(value, before)));
  write(pointer, mean, whole);
  return mean;
}

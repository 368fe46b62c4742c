// The family of Adam on one bucket: a running mean of the gradient, divided by the root of a running mean of its squares.
// The formulas and their sources are documented in optimizer/<name>.ts. The corrections of the two means for their start at
// zero come in as numbers.
import { approach, runningSquare } from './adaptive';
import { decayed, meanGradient } from './decay';
import { bytesOf, isWhole, read, stride, write } from './lanes';

/**
 * Adam, with amsgrad and without, and, with `isNadam`, Nadam: there the gradient itself has a share `gradientRate` in the
 * move. `largest` is not touched without amsgrad.
 */
export function adam(
  isAmsgrad: i32,
  isNadam: i32,
  decayRule: i32,
  target: usize,
  parameters: usize,
  gradient: usize,
  mean: usize,
  variance: usize,
  largest: usize,
  count: usize,
  scale: f32,
  rate: f32,
  gradientRate: f32,
  restOfBeta1: f32,
  beta2: f32,
  restOfBeta2: f32,
  rootCorrection: f32,
  epsilon: f32,
  decay: f32,
): void {
  const s = f32x4.splat(scale);
  const r = f32x4.splat(rate);
  const a = f32x4.splat(gradientRate);
  const c1 = f32x4.splat(restOfBeta1);
  const b2 = f32x4.splat(beta2);
  const c2 = f32x4.splat(restOfBeta2);
  const k = f32x4.splat(rootCorrection);
  const e = f32x4.splat(epsilon);
  const d = f32x4.splat(decay);
  const end = bytesOf(count);
  let whole = true;
  for (let at: usize = 0; at < end; at += stride(whole)) {
    whole = isWhole(at, end);
    const p = read(parameters + at, whole);
    const g = meanGradient(gradient + at, s, p, decayRule, d, whole);
    const m = approach(mean + at, g, c1, whole);
    let v = runningSquare(variance + at, g, b2, c2, whole);
    if (isAmsgrad != 0) {
      v = f32x4.max(read(largest + at, whole), v);
      write(largest + at, v, whole);
    }
    const root = f32x4.add(f32x4.div(f32x4.sqrt(v), k), e);
    let next = decayed(p, decayRule, d);
    if (isNadam != 0) next = f32x4.sub(next, f32x4.div(f32x4.mul(a, g), root));
    write(target + at, f32x4.sub(next, f32x4.div(f32x4.mul(r, m), root)), whole);
  }
}

/** Adamax: the root is a running maximum, `largest`. */
export function adamax(
  decayRule: i32,
  target: usize,
  parameters: usize,
  gradient: usize,
  mean: usize,
  largest: usize,
  count: usize,
  scale: f32,
  rate: f32,
  restOfBeta1: f32,
  beta2: f32,
  epsilon: f32,
  decay: f32,
): void {
  const s = f32x4.splat(scale);
  const r = f32x4.splat(rate);
  const c1 = f32x4.splat(restOfBeta1);
  const b2 = f32x4.splat(beta2);
  const e = f32x4.splat(epsilon);
  const d = f32x4.splat(decay);
  const end = bytesOf(count);
  let whole = true;
  for (let at: usize = 0; at < end; at += stride(whole)) {
    whole = isWhole(at, end);
    const p = read(parameters + at, whole);
    const g = meanGradient(gradient + at, s, p, decayRule, d, whole);
    const m = approach(mean + at, g, c1, whole);
    const u = f32x4.max(f32x4.mul(b2, read(largest + at, whole)), f32x4.add(f32x4.abs(g), e));
    write(largest + at, u, whole);
    const move = f32x4.div(f32x4.mul(r, m), u);
    write(target + at, f32x4.sub(decayed(p, decayRule, d), move), whole);
  }
}

/** Lion: the sign of a mixture of mean and gradient; its weight decay is always decoupled, by `decay`. */
export function lion(
  decayRule: i32,
  target: usize,
  parameters: usize,
  gradient: usize,
  mean: usize,
  count: usize,
  scale: f32,
  rate: f32,
  restOfBeta1: f32,
  restOfBeta2: f32,
  decay: f32,
): void {
  const s = f32x4.splat(scale);
  const r = f32x4.splat(rate);
  const c1 = f32x4.splat(restOfBeta1);
  const c2 = f32x4.splat(restOfBeta2);
  const d = f32x4.splat(decay);
  const end = bytesOf(count);
  let whole = true;
  for (let at: usize = 0; at < end; at += stride(whole)) {
    whole = isWhole(at, end);
    const p = read(parameters + at, whole);
    const g = meanGradient(gradient + at, s, p, decayRule, d, whole);
    const before = read(mean + at, whole);
    const mixed = f32x4.add(before, f32x4.mul(c1, f32x4.sub(g, before)));
    approach(mean + at, g, c2, whole);
    const move = withSign(r, mixed);
    write(target + at, f32x4.sub(decayed(p, decayRule, d), move), whole);
  }
}

/**
 * The direction of LAMB, in place of the gradient: the move of Adam with a rate of 1, plus `decay` x parameters.
 */
export function lambDirection(
  decayRule: i32,
  parameters: usize,
  gradient: usize,
  mean: usize,
  variance: usize,
  count: usize,
  scale: f32,
  correction: f32,
  restOfBeta1: f32,
  beta2: f32,
  restOfBeta2: f32,
  rootCorrection: f32,
  epsilon: f32,
  decay: f32,
): void {
  const s = f32x4.splat(scale);
  const k1 = f32x4.splat(correction);
  const c1 = f32x4.splat(restOfBeta1);
  const b2 = f32x4.splat(beta2);
  const c2 = f32x4.splat(restOfBeta2);
  const k2 = f32x4.splat(rootCorrection);
  const e = f32x4.splat(epsilon);
  const d = f32x4.splat(decay);
  const end = bytesOf(count);
  let whole = true;
  for (let at: usize = 0; at < end; at += stride(whole)) {
    whole = isWhole(at, end);
    const g = f32x4.mul(s, read(gradient + at, whole));
    const m = approach(mean + at, g, c1, whole);
    const v = runningSquare(variance + at, g, b2, c2, whole);
    const root = f32x4.add(f32x4.div(f32x4.sqrt(v), k2), e);
    let move = f32x4.div(f32x4.div(m, k1), root);
    if (decayRule != 0) move = f32x4.add(move, f32x4.mul(d, read(parameters + at, whole)));
    write(gradient + at, move, whole);
  }
}

/** `size` with the sign of `value`, and 0 where that is 0. */
@inline
function withSign(size: v128, value: v128): v128 {
  const zero = f32x4.splat(0);
  const up = v128.and(size, f32x4.gt(value, zero));
  const down = v128.and(size, f32x4.lt(value, zero));
  return f32x4.sub(up, down);
}

// Stochastic gradient descent on one bucket; the formulas and their sources are documented in optimizer/sgd.ts.
// A rule without momentum, or without weight decay, leaves those operations out: adding 0 x p would turn -0 into +0. The
// branches inside the loop always go the same way: a loop for each of the nine rules was not faster on 16 MiB, and at
// most a third faster in the cache (measured).
import { decayed, meanGradient } from './decay';
import { bytesOf, FLOAT_BYTES, LANES_BYTES, read, wholeBytes, write } from './lanes';

// Values of `momentumRule`; optimizer/sgd.ts has the same numbers.
const NO_MOMENTUM: i32 = 0;
const NESTEROV: i32 = 2;

/**
 * target = parameters, moved by one step. Byte pointers, `count` floats. `velocity` is read and written, and not touched
 * without momentum; `share` is that of the gradient in it. `decay` is the weight decay when coupled, learning rate x weight decay when decoupled.
 */
export function sgd(
  momentumRule: i32,
  decayRule: i32,
  target: usize,
  parameters: usize,
  gradient: usize,
  velocity: usize,
  count: usize,
  scale: f32,
  rate: f32,
  momentum: f32,
  share: f32,
  decay: f32,
): void {
  const s = f32x4.splat(scale);
  const r = f32x4.splat(rate);
  const m = f32x4.splat(momentum);
  const h = f32x4.splat(share);
  const d = f32x4.splat(decay);
  const whole = wholeBytes(count);
  const end = bytesOf(count);
  let at: usize = 0;
  for (; at < whole; at += LANES_BYTES) {
    const p = parameters + at;
    const g = gradient + at;
    moveAt(target + at, p, g, velocity + at, s, r, m, h, d, momentumRule, decayRule, true);
  }
  for (; at < end; at += FLOAT_BYTES) {
    const p = parameters + at;
    const g = gradient + at;
    moveAt(target + at, p, g, velocity + at, s, r, m, h, d, momentumRule, decayRule, false);
  }
}

@inline
function moveAt(
  target: usize,
  parameters: usize,
  gradient: usize,
  velocity: usize,
  scale: v128,
  rate: v128,
  momentum: v128,
  share: v128,
  decay: v128,
  momentumRule: i32,
  decayRule: i32,
  whole: bool,
): void {
  const p = read(parameters, whole);
  const g = meanGradient(gradient, scale, p, decayRule, decay, whole);
  let move = g;
  if (momentumRule != NO_MOMENTUM) {
    const v = f32x4.add(f32x4.mul(momentum, read(velocity, whole)), f32x4.mul(share, g));
    write(velocity, v, whole);
    move = momentumRule == NESTEROV ? f32x4.add(g, f32x4.mul(momentum, v)) : v;
  }
  write(target, f32x4.sub(decayed(p, decayRule, decay), f32x4.mul(rate, move)), whole);
}

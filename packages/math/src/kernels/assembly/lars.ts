// LARS on one bucket: momentum with a learning rate of each tensor's own. The formulas and their source are documented in
// optimizer/lars.ts.
import { meanGradient } from './decay';
import { bytesOf, isWhole, read, stride, write } from './lanes';

/** `rate` is the learning rate x the trust ratio; it is kept in the velocity, which is read and written. */
export function lars(
  isNesterov: i32,
  decayRule: i32,
  target: usize,
  parameters: usize,
  gradient: usize,
  velocity: usize,
  count: usize,
  scale: f32,
  rate: f32,
  momentum: f32,
  decay: f32,
): void {
  const s = f32x4.splat(scale);
  const r = f32x4.splat(rate);
  const m = f32x4.splat(momentum);
  const d = f32x4.splat(decay);
  const end = bytesOf(count);
  let whole = true;
  for (let at: usize = 0; at < end; at += stride(whole)) {
    whole = isWhole(at, end);
    const p = read(parameters + at, whole);
    const g = f32x4.mul(r, meanGradient(gradient + at, s, p, decayRule, d, whole));
    const v = f32x4.add(f32x4.mul(m, read(velocity + at, whole)), g);
    write(velocity + at, v, whole);
    const move = isNesterov != 0 ? f32x4.add(g, f32x4.mul(m, v)) : v;
    write(target + at, f32x4.sub(p, move), whole);
  }
}

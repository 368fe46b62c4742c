// Weight decay, the same for all optimizers. A rule that does not decay leaves the operations out: adding 0 x p would
// turn -0 into +0.
import { read } from './lanes';

// Values of `decayRule`; optimizer/decay.ts has the same numbers.
const COUPLED: i32 = 1;
const DECOUPLED: i32 = 2;

/** The mean gradient at `pointer`, with the pull of coupled decay in it. */
@inline
export function meanGradient(
  pointer: usize,
  scale: v128,
  parameters: v128,
  decayRule: i32,
  decay: v128,
  whole: bool,
): v128 {
  const mean = f32x4.mul(scale, read(pointer, whole));
  return decayRule == COUPLED ? f32x4.add(mean, f32x4.mul(decay, parameters)) : mean;
}

/** The parameters, after the pull of decoupled decay. */
@inline
export function decayed(parameters: v128, decayRule: i32, decay: v128): v128 {
  if (decayRule != DECOUPLED) return parameters;
  return f32x4.sub(parameters, f32x4.mul(decay, parameters));
}

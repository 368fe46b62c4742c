// Functions of numbers that JavaScript engines compute with different last digits (Math.pow, Math.cos): here they are
// AssemblyScript's own, the same bits everywhere.

/** base to the power of exponent. */
export function power(base: f64, exponent: f64): f64 {
  return NativeMath.pow(base, exponent);
}

/** The cosine of an angle in radians. */
export function cosine(angle: f64): f64 {
  return NativeMath.cos(angle);
}

/**
 * `base` to a whole power >= 0 by repeated squaring, in Float64: the same bits on every machine, and for every way in which
 * a run came to that power.
 */
export function wholePower(base: number, exponent: number): number {
  let result = 1;
  let square = base;
  for (let rest = exponent; rest > 0; rest = (rest - (rest % 2)) / 2) {
    if (rest % 2 === 1) result *= square;
    square *= square;
  }
  return result;
}

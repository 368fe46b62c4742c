import { MathError } from './errors.ts';

/**
 * Returns `value` when it is a whole number in [least, most].
 * @throws {MathError} `bad-argument`, with the name, the value and the bounds in words.
 */
export function checkWhole(
  name: string,
  value: number,
  bounds: { readonly least: number; readonly most?: number },
): number {
  const { least, most = Number.MAX_SAFE_INTEGER } = bounds;
  if (Number.isSafeInteger(value) && value >= least && value <= most) return value;
  const domain = most === Number.MAX_SAFE_INTEGER ? `>= ${least}` : `from ${least} to ${most}`;
  throw new MathError('bad-argument', `${name} must be a whole number ${domain}, got ${value}`, {
    data: { name, value, least, most },
  });
}

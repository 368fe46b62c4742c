/** Normal numbers whose bits are the same under every V8: Math.log and Math.cos, which others need, differ by version. */
import type { Random } from '@paceline/math';

/**
 * A number of mean 0 and variance 1, normal to about 2 % of the density: the sum of twelve uniform numbers minus six
 * (the Irwin-Hall distribution). Additions only, so it is exact everywhere; it never leaves [-6, 6].
 */
export function normal(random: Random): number {
  let sum = -6;
  for (let i = 0; i < 12; i += 1) sum += random.uniform();
  return sum;
}

import type { Figure } from '../../packages/benchmark/src/measure/statistics.ts';

/** `154 (149 to 171)`: the median, and what half of the blocks lie between. */
export function quartiles({ median, lower, upper }: Figure, digits: number): string {
  return `${median.toFixed(digits)} (${lower.toFixed(digits)} to ${upper.toFixed(digits)})`;
}

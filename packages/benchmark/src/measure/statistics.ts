/** A figure from several blocks. */
export interface Figure {
  readonly median: number;
  /** Half of the blocks lie between these. */
  readonly lower: number;
  readonly upper: number;
}

/** Median and quartiles; `values` must not be empty. */
export function summarise(values: readonly number[]): Figure {
  const sorted = [...values].sort((a, b) => a - b);
  return {
    median: quantile(sorted, 0.5),
    lower: quantile(sorted, 0.25),
    upper: quantile(sorted, 0.75),
  };
}

/** By linear interpolation between the neighbours (R's type 7). */
function quantile(sorted: readonly number[], share: number): number {
  const place = (sorted.length - 1) * share;
  const below = sorted[Math.floor(place)] ?? NaN;
  const above = sorted[Math.ceil(place)] ?? NaN;
  return below + (above - below) * (place - Math.floor(place));
}

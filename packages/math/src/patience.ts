/** Watching a value that should get better: what early stopping and reduce-on-plateau have in common. */

/** What counts as better, and how long one waits for it. */
export interface PatienceSettings {
  /** Whether small values are good, or large ones. */
  readonly mode: 'min' | 'max';
  /** By so much at least; >= 0. */
  readonly minChange: number;
  /** So many observations in a row without a better one are too many; >= 1. */
  readonly patience: number;
}

/** What is known after some observations. Plain numbers: a checkpoint keeps them. */
export interface Patience {
  /** Undefined before the first finite value. */
  readonly best: number | undefined;
  /** Observations since the best one. */
  readonly waited: number;
}

/** Before the first observation. */
export const freshPatience: Patience = { best: undefined, waited: 0 };

/** One more observation. A value that is not a number is never better. Pure. */
export function observe(
  { best, waited }: Patience,
  value: number,
  settings: Pick<PatienceSettings, 'mode' | 'minChange'>,
): Patience {
  return isBetter(value, best, settings)
    ? { best: value, waited: 0 }
    : { best, waited: waited + 1 };
}

function isBetter(
  value: number,
  best: number | undefined,
  { mode, minChange }: Pick<PatienceSettings, 'mode' | 'minChange'>,
): boolean {
  if (best === undefined) return Number.isFinite(value);
  return mode === 'min' ? value < best - minChange : value > best + minChange;
}

import type { FitLogs } from './types.ts';

/** Where steps are in epochs. */
export interface EpochShape {
  readonly examples: number;
  readonly batchSize: number;
  /** The number of the first epoch. */
  readonly firstEpoch: number;
}

/** A batch, by its step (from 1, as events count them). */
export interface BatchPlace {
  readonly epoch: number;
  /** From 0, in its epoch. */
  readonly batch: number;
  readonly size: number;
  readonly isLast: boolean;
}

/** Steps of an epoch; the last batch may be smaller. */
export function stepsPerEpoch({ examples, batchSize }: EpochShape): number {
  return Math.ceil(examples / batchSize);
}

/** Which batch of which epoch a step is. */
export function placeOf(shape: EpochShape, step: number): BatchPlace {
  const steps = stepsPerEpoch(shape);
  const batch = (step - 1) % steps;
  const isLast = batch === steps - 1;
  const size = isLast ? shape.examples - batch * shape.batchSize : shape.batchSize;
  return { epoch: shape.firstEpoch + Math.floor((step - 1) / steps), batch, size, isLast };
}

/** Means over an epoch, weighted by the sizes of its batches, as `fit` takes them. */
export interface EpochMeans {
  readonly examples: number;
  readonly sums: Readonly<FitLogs>;
}

/** An epoch of which nothing is known. */
export const noMeans: EpochMeans = { examples: 0, sums: {} };

/** With one batch more. */
export function addBatch({ examples, sums }: EpochMeans, size: number, logs: FitLogs): EpochMeans {
  const entries = Object.entries(logs).map(
    ([name, value]) => [name, (sums[name] ?? 0) + value * size] as const,
  );
  return { examples: examples + size, sums: Object.fromEntries(entries) };
}

/** The logs of the end of an epoch, in the order of `fit`: those of the validation come first. */
export function epochLogs(
  { examples, sums }: EpochMeans,
  validation: FitLogs | undefined,
): FitLogs {
  const tested = Object.entries(validation ?? {}).map(([name, value]) => [`val_${name}`, value]);
  const means = Object.entries(sums).map(([name, sum]) => [name, sum / examples]);
  return Object.fromEntries([...tested, ...means]) as FitLogs;
}

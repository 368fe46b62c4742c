/** From summed scalars to words; the server does the same with the names alone. */
import type { Summary } from './prepared-job.ts';

/** `[weight, weighted loss, counts...]` -> loss and metrics; each is its sum divided by the weight. */
export function summarise(names: readonly string[], scalars: Float32Array): Summary {
  const weight = scalars[0] ?? 0;
  const entries = names.slice(1).map((name, index) => {
    return [name, (scalars[index + 1] ?? Number.NaN) / weight] as const;
  });
  const [loss, ...metrics] = entries;
  return { loss: loss?.[1] ?? Number.NaN, metrics: Object.fromEntries(metrics) };
}

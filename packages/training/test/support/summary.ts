import type { PreparedJob } from '../../src/prepared-job.ts';

/** Mean loss and mean metrics of summed scalars; of a metric of several sums, each sum by its whole name. */
export function summaryOf(
  job: PreparedJob,
  sums: Float32Array,
): { readonly loss: number; readonly metrics: Readonly<Record<string, number>> } {
  const [weight = NaN, loss = NaN] = sums;
  const metrics = job.scalars.slice(2).map((name, i) => {
    const sum = sums[i + 2] ?? NaN;
    return [name, name.includes(':') ? sum : sum / weight] as const;
  });
  return { loss: loss / weight, metrics: Object.fromEntries(metrics) };
}

import type { Summary } from '../run/state.ts';

/** The loss, or a metric by its name; NaN where there is none of it. */
export function valueOf({ loss, metrics }: Summary, metric: string): number {
  return metric === 'loss' ? loss : (metrics[metric] ?? NaN);
}

/** Loss and metrics of a step or an evaluation. */
export interface Summary {
  readonly loss: number;
  readonly metrics: Readonly<Record<string, number>>;
}

/** The loss, or a metric by its name; NaN where there is none of it. */
export function valueOf({ loss, metrics }: Summary, metric: string): number {
  return metric === 'loss' ? loss : (metrics[metric] ?? NaN);
}

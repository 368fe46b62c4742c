/** The loss and metrics of a step or an evaluation. */
export interface Summary {
  readonly loss: number;
  readonly metrics: Readonly<Record<string, number>>;
}

/**
 * Turns the summed scalars of a tree root into values. Scalars are `weight`, `loss`, then the metrics;
 * each value after the first is a sum of (value x weight), so value = sum / weight. NaN when the weight
 * is 0, and whatever IEEE division gives for sums that are not finite.
 *
 * @param scalarNames as a worker's layout names them; starts with `weight`, `loss`
 * @param scalars as many numbers; not kept
 */
export function summarise(scalarNames: readonly string[], scalars: Float32Array): Summary {
  const [weightName, lossName, ...metricNames] = scalarNames;
  if (weightName !== 'weight' || lossName !== 'loss') {
    throw new RangeError(`scalars start with weight, loss; these are ${scalarNames.join(', ')}`);
  }
  if (scalars.length !== scalarNames.length) {
    throw new RangeError(`${scalarNames.length} scalars have names, got ${scalars.length} values`);
  }
  const weight = scalars[0] ?? 0;
  const mean = (index: number): number => (scalars[index] ?? 0) / weight;
  const metrics = metricNames.map((name, i) => [name, mean(i + 2)] as const);
  return { loss: mean(1), metrics: Object.fromEntries(metrics) };
}

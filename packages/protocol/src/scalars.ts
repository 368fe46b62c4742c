/** The loss and metrics of a step or an evaluation. */
export interface Summary {
  readonly loss: number;
  readonly metrics: Readonly<Record<string, number>>;
}

/** The sums of one metric by the last part of their names, and how many examples they are over. */
interface Sums {
  readonly of: ReadonlyMap<string, number>;
  readonly weight: number;
}

/**
 * How the sums of a metric become its value. A scalar called `name` is a sum of which the mean is meant. A metric that
 * is no mean over examples has several, called `name:finish:part`, for example `precision:ratio:whole`: so it is that of
 * all examples, not a mean over batches.
 */
const finishes = {
  mean: ({ of, weight }: Sums) => (of.get('sum') ?? NaN) / weight,
  /** part / whole, and 0 of nothing: of precision, what was rightly found and all that was found. */
  ratio: ({ of }: Sums) => {
    const [part = NaN, whole = NaN] = [of.get('part'), of.get('whole')];
    return whole === 0 ? 0 : part / whole;
  },
  /** The coefficient of determination, 1 - residuals / (squares - values^2 / count): the divisor is the spread. */
  r2: ({ of }: Sums) => {
    const [residuals = NaN, values = NaN] = [of.get('residuals'), of.get('values')];
    const [squares = NaN, count = NaN] = [of.get('squares'), of.get('count')];
    return 1 - residuals / (squares - values ** 2 / count);
  },
} as const;

const severalSums = /^(.+):(ratio|r2):(\w+)$/;

/**
 * Turns the summed scalars of a tree root into values. Scalars are `weight`, `loss`, then the sums of the metrics; each
 * value but those of several sums is a sum of (value x weight), so value = sum / weight. NaN when the weight
 * is 0, and whatever IEEE division gives for sums that are not finite.
 *
 * @param scalarNames as a worker's layout names them; starts with `weight`, `loss`
 * @param scalars as many numbers; not kept
 */
export function summarise(
  scalarNames: readonly string[],
  scalars: Float32Array | readonly number[],
): Summary {
  const [weightName, lossName, ...sumNames] = scalarNames;
  if (weightName !== 'weight' || lossName !== 'loss') {
    throw new RangeError(`scalars start with weight, loss; these are ${scalarNames.join(', ')}`);
  }
  if (scalars.length !== scalarNames.length) {
    throw new RangeError(`${scalarNames.length} scalars have names, got ${scalars.length} values`);
  }
  const [weight = 0, loss = 0, ...sums] = scalars;
  const metrics = new Map<string, { finish: keyof typeof finishes; of: Map<string, number> }>();
  sumNames.forEach((given, i) => {
    const { name, finish, part } = readName(given);
    const metric = metrics.get(name) ?? { finish, of: new Map<string, number>() };
    metric.of.set(part, sums[i] ?? 0);
    metrics.set(name, metric);
  });
  const values = [...metrics].map(
    ([name, { finish, of }]) => [name, finishes[finish]({ of, weight })] as const,
  );
  return { loss: loss / weight, metrics: Object.fromEntries(values) };
}

function readName(given: string): { name: string; finish: keyof typeof finishes; part: string } {
  const [, name = given, finish = 'mean', part = 'sum'] = severalSums.exec(given) ?? [];
  return { name, finish: finish as keyof typeof finishes, part };
}

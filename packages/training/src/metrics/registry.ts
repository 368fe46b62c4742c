/** Metrics by name. */
import { TrainingError } from '../errors.ts';
import { createLoss, canonicalLossName, lossNames } from '../losses/registry.ts';
import type { Loss } from '../losses/loss.ts';
import { nearestName } from '../nearest-name.ts';
import { binaryAccuracy, categoricalAccuracy, sparseCategoricalAccuracy } from './accuracy.ts';
import type { MetricSum, MetricValues } from './metric.ts';
import { r2Score } from './r2-score.ts';
import { precision, recall } from './ratio.ts';
import { sparseTopKCategoricalAccuracy, topKCategoricalAccuracy } from './top-k.ts';

const accuracies: ReadonlyMap<string, MetricValues> = new Map(
  Object.entries({
    binaryAccuracy,
    categoricalAccuracy,
    sparseCategoricalAccuracy,
    topKCategoricalAccuracy,
    sparseTopKCategoricalAccuracy,
  }),
);

/** Those that are no mean over the examples. */
const several: ReadonlyMap<string, (name: string) => readonly MetricSum[]> = new Map(
  Object.entries({ precision, recall, r2Score }),
);

/** The names of all metrics: accuracies, those of several sums, and every loss. */
export const metricNames: readonly string[] = [
  'accuracy',
  ...accuracies.keys(),
  'crossentropy',
  ...several.keys(),
  ...lossNames,
];

/** What decides which metric a general name such as `accuracy` is. */
export interface MetricContext {
  /** The loss of the output, when there is one. */
  readonly loss?: Loss | undefined;
  /** Last dimension of the output; undefined when the model has no fixed one. */
  readonly width?: number | undefined;
}

/**
 * The sums of the metric of a name, reported under that name: an accuracy, any loss, or one of several sums. `accuracy`
 * is chosen as tfjs does: binary for one output or binary cross-entropy, else by class number or one-hot labels, as the
 * loss says. `crossentropy` likewise.
 * @throws {TrainingError} `bad-metric`, with the nearest name and all names.
 */
export function createMetric(name: string, context: MetricContext): readonly MetricSum[] {
  const ofSeveral = several.get(camelCase(name));
  return ofSeveral?.(name) ?? [{ name, values: valuesOf(name, context) }];
}

function valuesOf(name: string, context: MetricContext): MetricValues {
  const known = camelCase(name);
  if (known === 'accuracy' || known === 'acc') return accuracyFor(context);
  if (known === 'crossentropy' || known === 'ce') {
    return createLoss(crossentropyFor(context)).values;
  }
  const accuracy = accuracies.get(known);
  if (accuracy !== undefined) return accuracy;
  if (canonicalLossName(name) !== undefined) return createLoss(name).values;
  throw unknownMetric(name);
}

function accuracyFor(context: MetricContext): MetricValues {
  if (isBinary(context)) return binaryAccuracy;
  return context.loss?.labels === 'classIndex' ? sparseCategoricalAccuracy : categoricalAccuracy;
}

function crossentropyFor(context: MetricContext): string {
  if (isBinary(context)) return 'binaryCrossentropy';
  const sparse = context.loss?.labels === 'classIndex';
  return sparse ? 'sparseCategoricalCrossentropy' : 'categoricalCrossentropy';
}

function isBinary({ loss, width }: MetricContext): boolean {
  return width === 1 || loss?.name === 'binaryCrossentropy';
}

function camelCase(name: string): string {
  return name.replace(/_([a-z])/g, (_, letter: string) => letter.toUpperCase());
}

function unknownMetric(name: string): TrainingError {
  const nearest = nearestName(name, metricNames);
  const hint = nearest === undefined ? '' : `; did you mean "${nearest}"?`;
  return new TrainingError(
    'bad-metric',
    `metrics: there is no "${name}"${hint} Known: ${metricNames.join(', ')}`,
    { data: { name, known: metricNames } },
  );
}

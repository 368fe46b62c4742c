/** Losses by name. */
import { nearestName } from '../nearest-name.ts';
import { TrainingError } from '../errors.ts';
import {
  binaryCrossentropy,
  categoricalCrossentropy,
  sparseCategoricalCrossentropy,
  summedCategoricalCrossentropy,
  summedSparseCategoricalCrossentropy,
} from './crossentropy.ts';
import { cosineProximity, kullbackLeiblerDivergence, poisson } from './distribution.ts';
import { categoricalHinge, hinge, squaredHinge } from './hinge.ts';
import type { LabelKind, Loss, LossSum, LossValues } from './loss.ts';
import {
  halfMeanSquaredError,
  huber,
  logcosh,
  meanAbsoluteError,
  meanAbsolutePercentageError,
  meanSquaredError,
  meanSquaredLogarithmicError,
  summedHalfSquaredError,
  summedSquaredError,
} from './regression.ts';

const values: ReadonlyMap<string, LossValues> = new Map(
  Object.entries({
    meanSquaredError,
    meanAbsoluteError,
    meanAbsolutePercentageError,
    meanSquaredLogarithmicError,
    logcosh,
    huber,
    halfMeanSquaredError,
    hinge,
    squaredHinge,
    categoricalHinge,
    categoricalCrossentropy,
    sparseCategoricalCrossentropy,
    binaryCrossentropy,
    kullbackLeiblerDivergence,
    poisson,
    cosineProximity,
  }),
);

const sums: ReadonlyMap<string, LossSum> = new Map([
  ['meanSquaredError', summedSquaredError],
  ['halfMeanSquaredError', summedHalfSquaredError],
  ['categoricalCrossentropy', summedCategoricalCrossentropy],
  ['sparseCategoricalCrossentropy', summedSparseCategoricalCrossentropy],
]);

const labelKinds: ReadonlyMap<string, LabelKind> = new Map([
  ['sparseCategoricalCrossentropy', 'classIndex'],
  ['halfMeanSquaredError', 'broadcast'],
]);

const aliases: ReadonlyMap<string, string> = new Map([
  ['mse', 'meanSquaredError'],
  ['mae', 'meanAbsoluteError'],
  ['mape', 'meanAbsolutePercentageError'],
  ['msle', 'meanSquaredLogarithmicError'],
  ['kld', 'kullbackLeiblerDivergence'],
  ['klDivergence', 'kullbackLeiblerDivergence'],
  ['cosine', 'cosineProximity'],
  ['cosineSimilarity', 'cosineProximity'],
  ['categoricalCrossEntropy', 'categoricalCrossentropy'],
  ['sparseCategoricalCrossEntropy', 'sparseCategoricalCrossentropy'],
  ['binaryCrossEntropy', 'binaryCrossentropy'],
  ['logCosh', 'logcosh'],
]);

/** The names of all losses, without aliases. */
export const lossNames: readonly string[] = [...values.keys()];

/** `mean_squared_error`, `MSE` and `mse` are all `meanSquaredError`; undefined for a name that is none. */
export function canonicalLossName(name: string): string | undefined {
  const camel = /^[A-Z]+$/.test(name)
    ? name.toLowerCase()
    : name.replace(/_([a-z])/g, (_, letter: string) => letter.toUpperCase());
  const known = aliases.get(camel) ?? camel;
  return values.has(known) ? known : undefined;
}

/**
 * The loss of a name: tfjs's, with Keras's spellings, huber, and that of the textbook.
 * @throws {TrainingError} `bad-loss`, with the nearest name and all names.
 */
export function createLoss(name: string): Loss {
  const known = canonicalLossName(name);
  const found = known === undefined ? undefined : values.get(known);
  if (known === undefined || found === undefined) throw unknownLoss(name);
  const labels = labelKinds.get(known) ?? 'values';
  return { name: known, labels, values: found, sum: sums.get(known) };
}

function unknownLoss(name: string): TrainingError {
  const nearest = nearestName(name, lossNames);
  const hint = nearest === undefined ? '' : `; did you mean "${nearest}"?`;
  return new TrainingError(
    'bad-loss',
    `loss: there is no "${name}"${hint} Known: ${lossNames.join(', ')}`,
    { data: { name, known: lossNames } },
  );
}

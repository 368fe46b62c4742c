import { z } from 'zod';

import { localMarkerSchema } from './local.ts';
import type { LocalMarker } from './local.ts';

/** Losses known by name. */
export const lossNames = [
  'categoricalCrossentropy',
  'sparseCategoricalCrossentropy',
  'binaryCrossentropy',
  'meanSquaredError',
  'meanAbsoluteError',
  'meanAbsolutePercentageError',
  'meanSquaredLogarithmicError',
  'squaredHinge',
  'hinge',
  'categoricalHinge',
  'logcosh',
  'kullbackLeiblerDivergence',
  'poisson',
  'cosineProximity',
  'huber',
  'halfMeanSquaredError',
] as const;

const ownMetricNames = [
  'accuracy',
  'binaryAccuracy',
  'categoricalAccuracy',
  'sparseCategoricalAccuracy',
  'topKCategoricalAccuracy',
  'sparseTopKCategoricalAccuracy',
  'crossentropy',
  'precision',
  'recall',
  'r2Score',
] as const;

/** Other names, of TensorFlow.js and of Keras, and what they mean; snake case and capitals go without saying. */
const aliases = {
  mse: 'meanSquaredError',
  mae: 'meanAbsoluteError',
  mape: 'meanAbsolutePercentageError',
  msle: 'meanSquaredLogarithmicError',
  kld: 'kullbackLeiblerDivergence',
  klDivergence: 'kullbackLeiblerDivergence',
  cosine: 'cosineProximity',
  cosineSimilarity: 'cosineProximity',
  logCosh: 'logcosh',
  categoricalCrossEntropy: 'categoricalCrossentropy',
  sparseCategoricalCrossEntropy: 'sparseCategoricalCrossentropy',
  binaryCrossEntropy: 'binaryCrossentropy',
  acc: 'accuracy',
  ce: 'crossentropy',
} as const;

/** Name of a loss. */
export type LossName = (typeof lossNames)[number];
/** Name of a metric. */
export type MetricName = (typeof ownMetricNames)[number] | LossName;

/** Metrics known by name: those that are no losses, and every loss. */
export const metricNames: readonly MetricName[] = [...ownMetricNames, ...lossNames];

/**
 * A loss by name, a function of the job file, or the loss with which its model is compiled; one for all
 * outputs of the model, one each in their order, or one each by their names.
 */
export type LossSettings = OneLoss | readonly OneLoss[] | Readonly<Record<string, OneLoss>>;
type OneLoss = LossName | LocalMarker;
/** A metric by name, a function of the job file, or the metrics with which its model is compiled. */
export type MetricSettings = MetricName | LocalMarker;

const oneLoss = z.union([
  z.string().transform(fullName).pipe(z.enum(lossNames)),
  localMarkerSchema,
]);

/** Check of a loss; short names become long ones. */
export const lossSchema: z.ZodType<LossSettings> = z.union(
  [oneLoss, z.array(oneLoss).min(1), z.record(z.string(), oneLoss)],
  'must be the name of a loss or a function, or one for each output',
);

/** Check of a metric; short names become long ones. */
export const metricSchema: z.ZodType<MetricSettings> = z.union(
  [
    z
      .string()
      .transform(fullName)
      .pipe(z.enum([...ownMetricNames, ...lossNames])),
    localMarkerSchema,
  ],
  'must be the name of a metric or a function',
);

/** `MSE`, `mean_squared_error` and `mse` are `meanSquaredError`; what is none stays as it is. */
function fullName(name: string): string {
  const camel = /^[A-Z]+$/.test(name)
    ? name.toLowerCase()
    : name.replace(/_([a-z])/g, (_, letter: string) => letter.toUpperCase());
  return Object.hasOwn(aliases, camel) ? aliases[camel as keyof typeof aliases] : camel;
}

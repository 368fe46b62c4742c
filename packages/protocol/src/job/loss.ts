import { z } from 'zod';

import { isPlainObject } from '../json.ts';
import { localMarkerSchema } from './local.ts';
import type { LocalMarker } from './local.ts';
import { listOf } from './values.ts';

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

/** Metrics for every output of the model, or for each by its name. */
export type MetricsSettings =
  readonly MetricSettings[] | Readonly<Record<string, readonly MetricSettings[]>>;

const oneLoss = z.union([
  z.string().transform(fullMeasureName).pipe(z.enum(lossNames)),
  localMarkerSchema,
]);

/** Check of a loss; short names become long ones. */
export const lossSchema: z.ZodType<LossSettings> = z.union(
  [oneLoss, z.array(oneLoss).min(1), z.record(z.string(), oneLoss)],
  'must be the name of a loss or a function, or one for each output',
);

const metricSchema: z.ZodType<MetricSettings> = z.union(
  [
    z
      .string()
      .transform(fullMeasureName)
      .pipe(z.enum([...ownMetricNames, ...lossNames])),
    localMarkerSchema,
  ],
  'must be the name of a metric or a function',
);

const mostMetrics = 1024;
const metricList = listOf(metricSchema, mostMetrics);
const metricsByName = z.record(
  z.string(),
  z.unknown().transform((given, context) => {
    return checked(metricList, Array.isArray(given) ? given : [given], context);
  }),
);

/**
 * Check of the metrics; short names become long ones, and one metric of an output a list. No union of the two forms: that
 * would not say which metric is wrong.
 */
export const metricsSchema: z.ZodType<MetricsSettings> = z.unknown().transform((given, context) => {
  if (Array.isArray(given)) return checked(metricList, given, context);
  if (isPlainObject(given) && Object.keys(given).every((name) => !/^\d+$/.test(name))) {
    return checked(metricsByName, given, context);
  }
  const message = 'must be a list, or for each output by its name one or a list';
  context.issues.push({ code: 'custom', input: given, message });
  return z.NEVER;
});

/** What a schema makes of a value, or its issues as those of the value. */
function checked<T>(
  schema: z.ZodType<T>,
  input: unknown,
  { issues }: Pick<z.core.ParsePayload, 'issues'>,
): T {
  const result = schema.safeParse(input);
  if (result.success) return result.data;
  issues.push(...result.error.issues.map((issue) => ({ ...issue, input }) as z.core.$ZodRawIssue));
  return z.NEVER;
}

/** The name of a loss or metric in settings and reports: `MSE`, `mean_squared_error` and `mse` are `meanSquaredError`; what is none stays as it is. */
export function fullMeasureName(name: string): string {
  const camel = /^[A-Z]+$/.test(name)
    ? name.toLowerCase()
    : name.replace(/_([a-z])/g, (_, letter: string) => letter.toUpperCase());
  return Object.hasOwn(aliases, camel) ? aliases[camel as keyof typeof aliases] : camel;
}

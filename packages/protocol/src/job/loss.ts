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
] as const;

const accuracyNames = [
  'accuracy',
  'binaryAccuracy',
  'categoricalAccuracy',
  'sparseCategoricalAccuracy',
] as const;

/** Short names, and the names of which they are short. */
const aliases = {
  mse: 'meanSquaredError',
  mae: 'meanAbsoluteError',
  mape: 'meanAbsolutePercentageError',
  msle: 'meanSquaredLogarithmicError',
  acc: 'accuracy',
} as const;

/** Name of a loss. */
export type LossName = (typeof lossNames)[number];
/** Name of a metric. */
export type MetricName = (typeof accuracyNames)[number] | LossName;

/** Metrics known by name: accuracies, and every loss. */
export const metricNames: readonly MetricName[] = [...accuracyNames, ...lossNames];

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
      .pipe(z.enum([...accuracyNames, ...lossNames])),
    localMarkerSchema,
  ],
  'must be the name of a metric or a function',
);

function fullName(name: string): string {
  return Object.hasOwn(aliases, name) ? aliases[name as keyof typeof aliases] : name;
}

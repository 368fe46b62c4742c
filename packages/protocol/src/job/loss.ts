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
export const aliases = {
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

/** A loss by name, a function of the job file, or the loss with which its model is compiled. */
export type LossSettings = LossName | LocalMarker;
/** A metric by name, a function of the job file, or the metrics with which its model is compiled. */
export type MetricSettings = MetricName | LocalMarker;

/** Check of a loss; short names become long ones. */
export const lossSchema: z.ZodType<LossSettings> = z.union(
  [z.string().transform(fullName).pipe(z.enum(lossNames)), localMarkerSchema],
  'must be the name of a loss or a function',
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

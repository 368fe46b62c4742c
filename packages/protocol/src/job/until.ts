import type { PatienceSettings } from '@paceline/math';
import { z } from 'zod';

import { monitorFields, withMode } from './monitor.ts';
import { realNumber, wholeNumber } from './values.ts';

/** When training ends: at whichever comes first. */
export interface UntilSettings {
  readonly epochs?: number;
  readonly steps?: number;
  /** Wall time of training, earlier lives of the run included. The one rule by which two runs may differ. */
  readonly seconds?: number;
  readonly target?: TargetSettings;
  readonly converged?: ConvergedSettings;
  readonly earlyStopping?: EarlyStoppingSettings;
}

/** A value that the loss, or a metric, is to reach. */
export interface TargetSettings {
  /** `loss`, the name of a metric, or `gradientNorm`: that of the last step. */
  readonly metric: string;
  readonly atLeast?: number;
  readonly atMost?: number;
}

/** Something hardly changes any more. */
export interface ConvergedSettings {
  /** The training loss, or the norm of the gradient. */
  readonly of: 'loss' | 'gradientNorm';
  /** Largest change of it, smoothed, in a step, as a part of it. */
  readonly tolerance: number;
  /** For so many steps in a row; it is smoothed over as many. */
  readonly windowSteps: number;
}

/** Nothing has become better for a while. */
export interface EarlyStoppingSettings extends PatienceSettings {
  /** `loss`, or the name of a metric. */
  readonly metric: string;
  /** What a run that finished gives is what was best, not what was last. */
  readonly restoreBest: boolean;
}

const finite = realNumber('must be a number', () => true);
const positive = realNumber('must be a number > 0', (value) => value > 0);

const target: z.ZodType<TargetSettings> = z
  .strictObject({
    metric: z
      .string()
      .min(1)
      .default('loss')
      .describe('loss, the name of a metric, or gradientNorm.'),
    atLeast: finite.exactOptional().describe('Ends when it is as large.'),
    atMost: finite.exactOptional().describe('Ends when it is as small.'),
  })
  .refine(
    ({ atLeast, atMost }) => (atLeast === undefined) !== (atMost === undefined),
    'must have either atLeast or atMost',
  );

const converged: z.ZodType<ConvergedSettings> = z.strictObject({
  of: z
    .enum(['loss', 'gradientNorm'], 'must be loss or gradientNorm')
    .default('loss')
    .describe('The training loss, or the norm of the mean gradient.'),
  tolerance: positive.default(1e-4).describe('Largest change in a step, as a part of it.'),
  windowSteps: wholeNumber(1).default(100).describe('For so many steps in a row.'),
});

const earlyStopping: z.ZodType<EarlyStoppingSettings> = z
  .strictObject({
    ...monitorFields({ patience: 3, minChange: 0 }),
    restoreBest: z
      .boolean()
      .default(true)
      .describe('A run that finished gives the weights that were best.'),
  })
  .transform(withMode);

/** Check of the end; at least one limit is needed. */
export const untilSchema: z.ZodType<UntilSettings> = z
  .strictObject({
    epochs: wholeNumber(1).exactOptional().describe('Passes over the training data.'),
    steps: wholeNumber(1).exactOptional().describe('Updates of the parameters.'),
    seconds: positive.exactOptional().describe('Wall time of training.'),
    target: target
      .exactOptional()
      .describe('A value of the loss or a metric: on test data, else of a step.'),
    converged: converged
      .exactOptional()
      .describe('The training loss, or the gradient, hardly changes any more.'),
    earlyStopping: earlyStopping.exactOptional().describe('Nothing has become better for a while.'),
  })
  .refine(
    (until) => Object.keys(until).length > 0,
    'must have epochs, steps, seconds, target, converged or earlyStopping',
  );

import { z } from 'zod';

import { realNumber, wholeNumber } from './values.ts';

/** When training ends: at whichever comes first. */
export interface UntilSettings {
  readonly epochs?: number;
  readonly steps?: number;
  /** Wall time of training, earlier lives of the run included. The one rule by which two runs may differ. */
  readonly seconds?: number;
  readonly target?: TargetSettings;
  readonly converged?: ConvergedSettings;
}

/** A value that the loss, or a metric, is to reach. */
export interface TargetSettings {
  /** `loss`, or the name of a metric. */
  readonly metric: string;
  readonly atLeast?: number;
  readonly atMost?: number;
}

/** The loss hardly changes any more. */
export interface ConvergedSettings {
  /** Largest change of the smoothed training loss in a step, as a part of it. */
  readonly tolerance: number;
  /** For so many steps in a row; the loss is smoothed over as many. */
  readonly windowSteps: number;
}

const finite = realNumber('must be a number', () => true);
const positive = realNumber('must be a number > 0', (value) => value > 0);

const target: z.ZodType<TargetSettings> = z
  .strictObject({
    metric: z.string().min(1).default('loss').describe('loss, or the name of a metric.'),
    atLeast: finite.exactOptional().describe('Ends when it is as large.'),
    atMost: finite.exactOptional().describe('Ends when it is as small.'),
  })
  .refine(
    ({ atLeast, atMost }) => (atLeast === undefined) !== (atMost === undefined),
    'must have either atLeast or atMost',
  );

const converged: z.ZodType<ConvergedSettings> = z.strictObject({
  tolerance: positive.default(1e-4).describe('Largest change in a step, as a part of the loss.'),
  windowSteps: wholeNumber(1).default(100).describe('For so many steps in a row.'),
});

/** Check of the end; at least one limit is needed. */
export const untilSchema: z.ZodType<UntilSettings> = z
  .strictObject({
    epochs: wholeNumber(1).exactOptional().describe('Passes over the training data.'),
    steps: wholeNumber(1).exactOptional().describe('Updates of the parameters.'),
    seconds: positive.exactOptional().describe('Wall time of training.'),
    target: target
      .exactOptional()
      .describe('A value of the loss or a metric: on test data, else of a step.'),
    converged: converged.exactOptional().describe('The training loss hardly changes any more.'),
  })
  .refine(
    (until) => Object.keys(until).length > 0,
    'must have epochs, steps, seconds, target or converged',
  );

import { z } from 'zod';

import { realNumber, wholeNumber } from './values.ts';

const notNegative = realNumber('must be a number >= 0', (value) => value >= 0);

/** Metrics that are good when they are large; with several outputs they have the output's name in front. */
const growing = /(^|_)(acc|.*accuracy|precision|recall|r2_?score)$/i;

/** Which values of a metric are good where a job does not say: large ones of accuracies and the like, else small ones. */
export function usualMode(metric: string): 'min' | 'max' {
  return growing.test(metric) ? 'max' : 'min';
}

/** The fields that say what is watched, and for how long without anything better: of test data, else of epochs. */
export function monitorFields(usual: { readonly patience: number; readonly minChange: number }): {
  readonly metric: z.ZodType<string>;
  readonly mode: z.ZodType<'min' | 'max' | undefined>;
  readonly minChange: z.ZodType<number>;
  readonly patience: z.ZodType<number>;
} {
  return {
    metric: z
      .string()
      .min(1)
      .default('loss')
      .describe('loss, or the name of a metric: on test data, else of an epoch.'),
    mode: z
      .enum(['min', 'max'], 'must be min or max')
      .optional()
      .describe('Which values are good; default: max for accuracies and the like, else min.'),
    minChange: notNegative.default(usual.minChange).describe('What is better, is so by more.'),
    patience: wholeNumber(1)
      .default(usual.patience)
      .describe('Evaluations (or epochs) in a row without a better one.'),
  };
}

/** Settings with such fields, complete. */
export function withMode<
  S extends { readonly metric: string; readonly mode?: 'min' | 'max' | undefined },
>(settings: S): Omit<S, 'mode'> & { readonly mode: 'min' | 'max' } {
  return { ...settings, mode: settings.mode ?? usualMode(settings.metric) };
}

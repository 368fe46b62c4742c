import { z } from 'zod';

import { wholeNumber } from './values.ts';

/** When training ends: at whichever comes first. */
export interface UntilSettings {
  readonly epochs?: number;
  readonly steps?: number;
}

/** Check of the end; at least one limit is needed. */
export const untilSchema: z.ZodType<UntilSettings> = z
  .strictObject({
    epochs: wholeNumber(1).exactOptional().describe('Passes over the training data.'),
    steps: wholeNumber(1).exactOptional().describe('Updates of the parameters.'),
  })
  .refine(
    (until) => until.epochs !== undefined || until.steps !== undefined,
    'must have epochs or steps',
  );

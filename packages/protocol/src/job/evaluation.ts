import { z } from 'zod';

import { wholeNumber } from './values.ts';

/** How the test split is evaluated. */
export interface EvaluationSettings {
  readonly batchSize: number;
  readonly everyEpochs: number;
}

/** Check of the evaluation's settings. */
export const evaluationSchema: z.ZodType<EvaluationSettings> = z.strictObject({
  batchSize: wholeNumber(1).default(250).describe('Examples in one forward pass.'),
  everyEpochs: wholeNumber(1)
    .default(1)
    .describe('Epochs between evaluations; the end always has one.'),
});

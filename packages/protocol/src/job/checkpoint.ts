import { z } from 'zod';

import { wholeNumber } from './values.ts';

/** When checkpoints are written, and how many stay. The start and the end always have one. */
export interface CheckpointSettings {
  readonly everySteps?: number;
  readonly keep: number;
}

/** Check of the checkpoints' settings. */
export const checkpointSchema: z.ZodType<CheckpointSettings> = z.strictObject({
  everySteps: wholeNumber(1)
    .exactOptional()
    .describe('Steps between checkpoints; default: every epoch.'),
  keep: wholeNumber(1).default(3).describe('Newest checkpoints that stay on disk.'),
});

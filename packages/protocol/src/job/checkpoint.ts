import { z } from 'zod';

import { realNumber, wholeNumber } from './values.ts';

/**
 * When checkpoints are written, and how many stay. The start and the end always have one. With neither `everySteps` nor
 * `everySeconds`, the interval follows from what a checkpoint costs and how often something fails.
 */
export interface CheckpointSettings {
  readonly everySteps?: number;
  readonly everySeconds?: number;
  readonly keep: number;
  readonly keepEverySteps?: number;
}

/** Check of the checkpoints' settings. */
export const checkpointSchema: z.ZodType<CheckpointSettings> = z.strictObject({
  everySteps: wholeNumber(1)
    .exactOptional()
    .describe('A checkpoint at each multiple of so many steps; default: see everySeconds.'),
  everySeconds: realNumber('must be a number > 0', (value) => value > 0)
    .exactOptional()
    .describe(
      'A checkpoint when so much time passed since the last; default, where everySteps is not given either: 5 s to 10 min, by what a checkpoint costs and how often something fails.',
    ),
  keep: wholeNumber(1).default(3).describe('Newest checkpoints that stay on disk.'),
  keepEverySteps: wholeNumber(1)
    .exactOptional()
    .describe('Checkpoints at multiples of so many steps stay for good; default: none.'),
});

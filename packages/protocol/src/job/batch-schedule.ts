import type { BatchPhase } from '@paceline/math';
import { z } from 'zod';

import { listOf, wholeNumber } from './values.ts';

/** Examples in a microbatch that suit small and middling models (measured: kernels cost 8 us each). */
const usualMicrobatch = 32;
/** The tree of a step, its nodes and their messages grow with the microbatches. */
const mostMicrobatches = 4096;
const mostPhases = 1024;

/** Check of a number of microbatches. */
export const microbatchesSchema: z.ZodType<number> = wholeNumber(1, mostMicrobatches);

const phase = z
  .strictObject({
    fromEpoch: wholeNumber(1).describe('The first epoch with such batches; epochs count from 0.'),
    batchSize: wholeNumber(1).describe('Examples in one step from then on.'),
    microbatches: microbatchesSchema
      .optional()
      .describe('Pieces of such a batch; default: batchSize / 32, at least 1.'),
  })
  .refine(({ batchSize, microbatches = 1 }) => microbatches <= batchSize, {
    path: ['microbatches'],
    message: 'must be at most batchSize: every microbatch needs an example',
  })
  .transform(({ microbatches, ...rest }) => ({
    ...rest,
    microbatches: microbatches ?? defaultMicrobatches(rest.batchSize),
  }));

/** Check of the sizes of batches in later epochs. */
export const batchScheduleSchema: z.ZodType<readonly BatchPhase[]> = listOf<BatchPhase>(
  phase,
  mostPhases,
).refine(
  (phases) => phases.every(({ fromEpoch }, i) => fromEpoch > (phases[i - 1]?.fromEpoch ?? 0)),
  'must have rising fromEpoch',
);

/** Depends on the batch alone: the bits of a run must not depend on how many workers came. */
export function defaultMicrobatches(batchSize: number): number {
  return Math.min(Math.max(1, Math.round(batchSize / usualMicrobatch)), mostMicrobatches);
}

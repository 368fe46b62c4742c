import type { BatchPhase, OptimizerSettings, ScheduleSettings } from '@paceline/math';
import { z } from 'zod';

import { batchScheduleSchema, defaultMicrobatches, microbatchesSchema } from './batch-schedule.ts';
import { checkpointSchema } from './checkpoint.ts';
import type { CheckpointSettings } from './checkpoint.ts';
import { dataSchema } from './data/data.ts';
import type { DataSettings } from './data/data.ts';
import { evaluationSchema } from './evaluation.ts';
import type { EvaluationSettings } from './evaluation.ts';
import { classWeightSchema, lossWeightsSchema } from './loss-weights.ts';
import type { ClassWeightSettings, LossWeights } from './loss-weights.ts';
import { lossSchema, metricsSchema } from './loss.ts';
import type { LossSettings, MetricsSettings } from './loss.ts';
import { isLocalMarker } from './local.ts';
import { backendSchema, nonFiniteSchema, reproducibilitySchema } from './machine.ts';
import type { BackendChoice, NonFiniteChoice, ReproducibilityChoice } from './machine.ts';
import { modelSchema } from './model.ts';
import type { ModelSettings } from './model.ts';
import { optimizerSchema } from './optimizer.ts';
import { scheduleSchema } from './schedule.ts';
import { untilSchema } from './until.ts';
import type { UntilSettings } from './until.ts';
import { wholeNumber } from './values.ts';

/** All settings of a job: complete, plain JSON, frozen. What cannot travel is a marker (`local.ts`). */
export interface JobSettings {
  readonly name: string;
  readonly model: ModelSettings;
  readonly loss: LossSettings;
  readonly lossWeights?: LossWeights;
  readonly classWeight?: ClassWeightSettings;
  readonly metrics: MetricsSettings;
  readonly data: DataSettings;
  readonly optimizer: OptimizerSettings;
  readonly schedule: ScheduleSettings;
  readonly batchSize: number;
  readonly microbatches: number;
  /** Other batches from later epochs on. */
  readonly batchSchedule?: readonly BatchPhase[];
  readonly until: UntilSettings;
  readonly evaluation: EvaluationSettings;
  readonly seed: number;
  readonly backend: BackendChoice;
  readonly threads: number;
  readonly reproducibility: ReproducibilityChoice;
  readonly nonFinite: NonFiniteChoice;
  readonly bucketBytes: number;
  readonly checkpoint: CheckpointSettings;
}

const namePattern = /^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$/;
const nameRule = 'must be 1 to 64 letters, digits, ".", "_" or "-", a letter or digit first';

const fields = z.strictObject({
  name: z
    .string(nameRule)
    .regex(namePattern, nameRule)
    .default('job')
    .describe('Names the run and its folder.'),
  model: modelSchema.describe('What is trained.'),
  loss: lossSchema.describe(
    'What is made small: a name, a function, or that of the compiled model.',
  ),
  lossWeights: lossWeightsSchema
    .exactOptional()
    .describe('By what the loss of each output is multiplied; default: 1.'),
  classWeight: classWeightSchema
    .exactOptional()
    .describe('By what the loss of an example is multiplied in training, by its class.'),
  metrics: metricsSchema.default([]).describe('What is reported beside the loss.'),
  data: dataSchema.describe('On what it is trained.'),
  optimizer: optimizerSchema.prefault({ type: 'sgd' }).describe('How gradients become updates.'),
  schedule: scheduleSchema
    .prefault({ type: 'constant' })
    .describe('How the learning rate changes with the steps.'),
  batchSize: wholeNumber(1).default(256).describe('Examples in one step, over all workers.'),
  microbatches: microbatchesSchema
    .optional()
    .describe('Pieces of a batch, each computed alone; default: batchSize / 32, at least 1.'),
  batchSchedule: batchScheduleSchema
    .exactOptional()
    .describe('Other batches from later epochs on.'),
  until: untilSchema.prefault({ epochs: 1 }).describe('When training ends.'),
  evaluation: evaluationSchema.prefault({}).describe('How the test split is evaluated.'),
  seed: wholeNumber(0, 2 ** 32 - 1)
    .default(42)
    .describe('Source of everything random.'),
  backend: backendSchema.default('auto').describe('What computes the gradients.'),
  threads: wholeNumber(1, 1024)
    .default(1)
    .describe('Threads of a worker; another number, other bits.'),
  reproducibility: reproducibilitySchema
    .default('bitwise')
    .describe('bitwise: the same bits however many workers; none: any worker may join.'),
  nonFinite: nonFiniteSchema.default('fail').describe('What becomes of a step that overflows.'),
  bucketBytes: wholeNumber(4, 2 ** 30)
    .refine((bytes) => bytes % 4 === 0, 'must be a multiple of 4')
    .default(2 ** 20)
    .describe('Most bytes of numbers in one message.'),
  checkpoint: checkpointSchema.prefault({}).describe('When the whole state is written to disk.'),
});

/**
 * Check of all settings, with the defaults of what is missing. Settings that went through it come out
 * as they are, so that it serves for what arrives in a message too.
 */
export const settingsSchema: z.ZodType<JobSettings> = fields
  .refine(({ batchSize, microbatches }) => (microbatches ?? 1) <= batchSize, {
    path: ['microbatches'],
    message: 'must be at most batchSize: every microbatch needs an example',
  })
  .refine(({ model, loss }) => model.type !== 'parameters' || isLocalMarker(loss), {
    path: ['loss'],
    message:
      'must be a function of the parameters and the batch: this job has parameters, not a model',
  })
  .superRefine(({ model, ...rest }, { addIssue }) => {
    if (model.type !== 'parameters') return;
    for (const field of ['lossWeights', 'classWeight'] as const) {
      if (rest[field] === undefined) continue;
      const message = 'must be left out of a job that has parameters: its loss is a function';
      addIssue({ code: 'custom', path: [field], message });
    }
    if (Array.isArray(rest.metrics)) return;
    const message = 'must be a list in a job that has parameters: it has no outputs with names';
    addIssue({ code: 'custom', path: ['metrics'], message });
  })
  .transform(({ microbatches, ...rest }) => ({
    ...rest,
    microbatches: microbatches ?? defaultMicrobatches(rest.batchSize),
  }));

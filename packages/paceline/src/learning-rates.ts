import { createSchedule, planBatches, stepsOfEpochs } from '@paceline/math';
import type { BatchPlan, OwnSchedule } from '@paceline/math';
import type { Job } from '@paceline/protocol';

import { PacelineError } from './errors.ts';

/** The learning rates of a job, step by step. */
export interface LearningRates {
  readonly type: string;
  readonly totalSteps: number;
  /** Undefined where the length of the data was not asked for, or it is not the same in all epochs. */
  readonly stepsPerEpoch: number | undefined;
  /** Of the steps `steps`, both in order. */
  readonly steps: readonly number[];
  readonly rates: readonly number[];
}

/**
 * The learning rate at up to `most` steps of a job, the first and the last of them included. The data are opened only if the length
 * of the run depends on them.
 * @throws {PacelineError} for a run without a last step; {TrainingError} for data that cannot be opened; {MathError} for a schedule that does not fit the run
 */
export async function learningRates(
  { settings, functions }: Job,
  { totalSteps: given, most }: { readonly totalSteps?: number | undefined; readonly most: number },
): Promise<LearningRates> {
  const { until, optimizer, schedule } = settings;
  const { epochs } = until;
  const batches = given === undefined && epochs !== undefined ? await planData() : undefined;
  const whole = batches === undefined ? Infinity : stepsOfEpochs(batches, epochs ?? Infinity);
  const totalSteps = given ?? Math.min(until.steps ?? Infinity, whole);
  if (!Number.isFinite(totalSteps)) {
    throw new PacelineError(
      'endless-run',
      'The job has no last step: its `until` has neither steps nor epochs. Give a length: --steps N',
    );
  }
  const rateAt = createSchedule(
    schedule,
    totalSteps,
    functions.schedule as OwnSchedule | undefined,
  );
  const count = Math.min(most, totalSteps);
  const steps = Array.from({ length: count }, (_, i) =>
    count === 1 ? 0 : Math.round((i * (totalSteps - 1)) / (count - 1)),
  );
  const rates = steps.map((step) => optimizer.learningRate * rateAt(step));
  const perEpoch =
    settings.batchSchedule === undefined ? batches && stepsOfEpochs(batches, 1) : undefined;
  return { type: schedule.type, totalSteps, stepsPerEpoch: perEpoch, steps, rates };

  async function planData(): Promise<BatchPlan> {
    const { closeDataset, openDataset } = await import('@paceline/training');
    const how = { labels: 'index', seed: settings.seed } as const;
    const dataset = await openDataset(settings.data, functions.data, how);
    closeDataset(dataset);
    return planBatches(settings, dataset.train.examples);
  }
}

import type { Job } from '@paceline/protocol';
import type { TrainingJob } from '@paceline/training';

/**
 * A job as the training package takes it. Both packages describe the same object, but neither may import the other: a
 * function of a job file is any function to the protocol, while training calls it by its signature, which only running
 * it can check.
 */
export function toTrainingJob({ settings, functions }: Job): TrainingJob {
  return { settings, functions } as unknown as TrainingJob;
}

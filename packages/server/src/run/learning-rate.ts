import { createSchedule } from '@paceline/math';
import type { RunState } from './state.ts';

/**
 * The rate of a step: that of the settings under the schedule, which follows the steps of the run as it was planned, also when it was
 * made longer, and through skipped steps.
 * @throws whatever the schedule of a job throws that brings its own
 */
export function learningRateAt(
  {
    config,
    plannedSteps = Infinity,
    plateau,
  }: Pick<RunState, 'config' | 'plannedSteps' | 'plateau'>,
  step: number,
): number {
  const { optimizer, schedule } = config.settings;
  const factor = createSchedule(schedule, plannedSteps, config.ownSchedule)(step);
  return optimizer.learningRate * factor * plateau.factor;
}

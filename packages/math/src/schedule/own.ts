/** A schedule that a job brings itself: a function of the step. */
import { MathError } from '../errors.ts';
import type { Schedule, WarmupSettings } from './schedule.ts';

/** Says that there is a function; it does not travel. */
export interface OwnSettings extends WarmupSettings {
  readonly type: 'function';
}

/**
 * Factor of the learning rate in step s = 0, 1, ... of a run that was planned to have `totalSteps` (Infinity where it has no end). It
 * must depend on these alone: a server that goes on from a checkpoint asks again.
 */
export type OwnSchedule = (step: number, run: { readonly totalSteps: number }) => number;

/**
 * The schedule of such a function.
 * @throws {MathError} `bad-argument` where there is none, and from the schedule for what is no number >= 0
 */
export function ownSchedule(own: OwnSchedule | undefined, totalSteps: number): Schedule {
  if (own === undefined) {
    throw new MathError(
      'bad-argument',
      'schedule: the function is missing: it must be in the job file',
    );
  }
  return (step) => {
    const factor: unknown = own(step, { totalSteps });
    if (typeof factor === 'number' && Number.isFinite(factor) && factor >= 0) return factor;
    throw new MathError(
      'bad-argument',
      `schedule: the function gave ${String(factor)} for step ${step}; it must give a number >= 0`,
      { data: { step } },
    );
  };
}

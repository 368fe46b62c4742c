/** All schedules by type, and the warm-up before them. */
import { MathError } from '../errors.ts';
import type { CosineSettings, OneCycleSettings } from './cosine.ts';
import { cosine, oneCycle } from './cosine.ts';
import type {
  ConstantSettings,
  ExponentialSettings,
  InverseSquareRootSettings,
  MultiStepSettings,
  PolynomialSettings,
  StepSettings,
} from './decays.ts';
import {
  constant,
  exponential,
  inverseSquareRoot,
  polynomial,
  stairs,
  stairsAt,
} from './decays.ts';
import type { OwnSchedule, OwnSettings } from './own.ts';
import { ownSchedule } from './own.ts';
import type { PlateauSettings } from './plateau.ts';
import type { Schedule, WarmupSettings } from './schedule.ts';

/** The settings of any member; `type` says of which. */
export type ScheduleSettings =
  | ConstantSettings
  | StepSettings
  | MultiStepSettings
  | ExponentialSettings
  | PolynomialSettings
  | InverseSquareRootSettings
  | CosineSettings
  | OneCycleSettings
  | PlateauSettings
  | OwnSettings;

/**
 * Creates the schedule that the settings name, for a run that was planned to have `totalSteps` (Infinity where it has no end).
 * Steps beyond have the factor of the end.
 * @throws {MathError} `bad-argument` where a schedule that takes as long as the run has no end, or nothing is left of the run
 * behind the warm-up, or `own` is missing for a schedule that is a function
 */
export function createSchedule(
  settings: ScheduleSettings,
  totalSteps: number,
  own?: OwnSchedule,
): Schedule {
  const lengthOf = (length: number | undefined): number => length ?? restOf(settings, totalSteps);
  const main =
    settings.type === 'function' ? ownSchedule(own, totalSteps) : createMain(settings, lengthOf);
  return settings.warmupSteps === 0 ? main : withWarmup(main, settings);
}

function createMain(
  settings: Exclude<ScheduleSettings, OwnSettings>,
  lengthOf: (lengthSteps: number | undefined) => number,
): Schedule {
  switch (settings.type) {
    case 'constant':
    // What was observed multiplies it: `observePlateau`.
    case 'reduce-on-plateau':
      return constant();
    case 'step':
      return stairs(settings);
    case 'multi-step':
      return stairsAt(settings);
    case 'exponential':
      return exponential(settings);
    case 'polynomial':
      return polynomial(settings, lengthOf(settings.lengthSteps));
    case 'inverse-square-root':
      return inverseSquareRoot(settings);
    case 'cosine':
      return cosine(settings, lengthOf(settings.lengthSteps));
    case 'one-cycle':
      return oneCycle(settings, lengthOf(settings.lengthSteps));
  }
}

/** What is left of the run behind the warm-up. */
function restOf({ type, warmupSteps }: ScheduleSettings, totalSteps: number): number {
  const length = totalSteps - warmupSteps;
  if (Number.isFinite(length) && length > 0) return length;
  const why = length > 0 ? 'the run has no end' : `its ${totalSteps} steps are all warm-up`;
  throw new MathError(
    'bad-argument',
    `schedule: "${type}" takes as long as the run, but ${why}: give it lengthSteps`,
    { data: { type, totalSteps, warmupSteps } },
  );
}

/** In step s < warmupSteps the factor is a part of that at which the schedule begins, `warmupFrom` in step 0. */
function withWarmup(main: Schedule, { warmupSteps, warmup, warmupFrom }: WarmupSettings): Schedule {
  return (step) => {
    if (step >= warmupSteps) return main(step - warmupSteps);
    const part = warmup === 'constant' ? 0 : step / warmupSteps;
    return main(0) * (warmupFrom + (1 - warmupFrom) * part);
  };
}

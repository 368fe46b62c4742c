/**
 * Schedules that fall. x is the step since the warm-up, T how many steps the schedule takes (the rest of the run unless
 * `lengthSteps` says otherwise). Names and formulas are those of Keras and PyTorch where they have them.
 *
 *     constant             1
 *     step                 factor^floor(x / everySteps)                                       (torch StepLR)
 *     multi-step           factor^(how many of `atSteps` are <= x)                            (torch MultiStepLR, Keras PiecewiseConstantDecay)
 *     exponential          factor^(x / everySteps), or with staircase that of `step`          (Keras ExponentialDecay)
 *     polynomial           end + (1 - end) (1 - min(x, T) / T)^power                     (Keras PolynomialDecay)
 *     inverse-square-root  sqrt(scaleSteps / max(x, scaleSteps))                                   (Vaswani et al. 2017, section 5.3, after its warm-up)
 */
import { power } from '../kernels/functions.ts';
import { wholePower } from '../optimizer/powers.ts';
import type { WarmupSettings, Schedule } from './schedule.ts';

/** The rate as it is. */
export interface ConstantSettings extends WarmupSettings {
  readonly type: 'constant';
}

/** In stairs of one length. */
export interface StepSettings extends WarmupSettings {
  readonly type: 'step';
  /** Length of a stair; > 0. */
  readonly everySteps: number;
  /** > 0 */
  readonly factor: number;
}

/** In stairs at given places. */
export interface MultiStepSettings extends WarmupSettings {
  readonly type: 'multi-step';
  /** Where a stair ends, rising. */
  readonly atSteps: readonly number[];
  /** > 0 */
  readonly factor: number;
}

/** By the same factor each step. */
export interface ExponentialSettings extends WarmupSettings {
  readonly type: 'exponential';
  /** After so long it has fallen by `factor`; > 0. */
  readonly everySteps: number;
  /** > 0 */
  readonly factor: number;
  /** In stairs instead. */
  readonly staircase: boolean;
}

/** To `end`, along a power. */
export interface PolynomialSettings extends WarmupSettings {
  readonly type: 'polynomial';
  /** > 0; 1 is a line. */
  readonly power: number;
  /** Last factor; >= 0. */
  readonly end: number;
  /** The rest of the run by default. */
  readonly lengthSteps?: number;
}

/** Along the inverse of a root. */
export interface InverseSquareRootSettings extends WarmupSettings {
  readonly type: 'inverse-square-root';
  /** How long the factor stays 1; > 0. */
  readonly scaleSteps: number;
}

/** The rate as it is. */
export function constant(): Schedule {
  return () => 1;
}

/** In stairs of one length. */
export function stairs({ factor, everySteps }: Stairs): Schedule {
  return (x) => wholePower(factor, Math.floor(x / everySteps));
}

type Stairs = Pick<StepSettings, 'factor' | 'everySteps'>;

/** In stairs at given places. */
export function stairsAt({ factor, atSteps }: MultiStepSettings): Schedule {
  return (x) => wholePower(factor, atSteps.filter((place) => place <= x).length);
}

/** By the same factor each step, or in stairs. */
export function exponential({ factor, everySteps, staircase }: ExponentialSettings): Schedule {
  if (staircase) return stairs({ factor, everySteps });
  return (x) => power(factor, x / everySteps);
}

/** To `end` within `steps`, along a power. */
export function polynomial({ end, power: exponent }: PolynomialSettings, steps: number): Schedule {
  return (x) => end + (1 - end) * power(1 - Math.min(x, steps) / steps, exponent);
}

/** Along the inverse of a root. */
export function inverseSquareRoot({ scaleSteps }: InverseSquareRootSettings): Schedule {
  return (x) => Math.sqrt(scaleSteps / Math.max(x, scaleSteps));
}

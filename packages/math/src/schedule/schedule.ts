/**
 * The schedule family: by which factor the learning rate of a step differs from that of the settings.
 *
 * A schedule is a function of the step alone, counted from 0 over the whole run: whoever goes on in the middle comes to the
 * same rate. Everything is Float64, without functions in whose last digits engines differ (`kernels/functions.ts`).
 */

/** Factor of the learning rate in step s = 0, 1, ...; >= 0. */
export type Schedule = (step: number) => number;

/** Steps before a schedule begins: every member has them. */
export interface WarmupSettings {
  /** 0 means none. */
  readonly warmupSteps: number;
  /** How the factor gets from `warmupFrom` to where the schedule begins: in a line, or at once at the end. */
  readonly warmup: 'linear' | 'constant';
  /** Factor of the first step, as a part of that at which the schedule begins; in [0, 1]. */
  readonly warmupFrom: number;
}

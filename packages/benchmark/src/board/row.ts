import { summarise } from '../measure/statistics.ts';
import type { Figure } from '../measure/statistics.ts';
import { standingOf } from './goals.ts';
import type { Goal, Standing } from './goals.ts';

/** A figure of the board. */
export interface Row {
  readonly goal: Goal;
  /** Of all rounds; a ratio is one of two blocks that followed each other. */
  readonly figure: Figure;
  /** Of the median. */
  readonly standing: Standing;
}

/** Makes a row of what the rounds gave. */
export function rowOf(goal: Goal, values: readonly number[]): Row {
  const figure = summarise(values);
  return { goal, figure, standing: standingOf(goal, figure.median) };
}

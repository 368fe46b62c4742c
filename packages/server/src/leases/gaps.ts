import type { Assignment, Round } from './round.ts';
import { missingInRound } from './round.ts';
import type { LeaseRange } from './apportion.ts';
import { apportion, isEmptyRange, subtractRanges } from './apportion.ts';

/**
 * The microbatches of a round that are not yet covered in some bucket and that nobody alive computes.
 * The invariant of every run: with a live worker there are none.
 */
export function findGaps(round: Round): readonly LeaseRange[] {
  return subtractRanges(missingInRound(round), round.assignments);
}

/** Deals gaps out to workers: each gap is cut evenly, in the order of the workers given. */
export function dealOut(
  gaps: readonly LeaseRange[],
  workers: readonly number[],
  nowMs: number,
): readonly Assignment[] {
  if (workers.length === 0) return [];
  return gaps.flatMap((gap) =>
    apportion(gap, workers.length).flatMap((range, i) => {
      const worker = workers[i];
      return worker === undefined || isEmptyRange(range)
        ? []
        : [{ worker, ...range, sinceMs: nowMs }];
    }),
  );
}

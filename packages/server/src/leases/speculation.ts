import type { Assignment, Round } from './round.ts';
import { missingInRound } from './round.ts';
import type { LeaseRange } from './apportion.ts';
import { subtractRanges } from './apportion.ts';
import { dealOut } from './gaps.ts';

/** What is assumed of a microbatch that nobody has timed yet. */
const unknownLeafMicros = 1_000_000;
/** Shorter delays are not worth a second computation. */
const leastDelayMs = 100;

/**
 * Second assignments for stragglers: microbatches that are overdue (twice the time that a typical worker would have
 * taken for the whole assignment, and a tenth of a second more) are given to workers that have nothing left to do.
 * The first result wins; both are the same bits. No microbatch has more than two live assignments. Pure.
 */
export function speculate(
  round: Round,
  o: {
    /** Connections that take part, in order. */
    readonly active: readonly number[];
    /** Time of one microbatch of a typical worker. */
    readonly leafMicros: number | undefined;
    readonly nowMs: number;
  },
): readonly Assignment[] {
  const missing = missingInRound(round);
  const isBusy = (worker: number): boolean =>
    round.assignments.some((each) => each.worker === worker && overlaps(each, missing));
  const idle = o.active.filter((worker) => !isBusy(worker));
  if (idle.length === 0) return [];
  const overdue = round.assignments.filter((each) => isOverdue(each, round, o));
  const late = missing.flatMap((range) => within(range, overdue));
  const twice = overlapsOf(round.assignments);
  return dealOut(subtractRanges(late, twice), idle, o.nowMs);
}

function isOverdue(
  assignment: Assignment,
  round: Round,
  o: { readonly leafMicros: number | undefined; readonly nowMs: number },
): boolean {
  const leaves = assignment.end - assignment.first;
  const typicalMs = (leaves * (o.leafMicros ?? unknownLeafMicros)) / 1000;
  const sinceMs = Math.max(assignment.sinceMs, round.sinceMs);
  return o.nowMs - sinceMs > leastDelayMs + 2 * typicalMs;
}

function overlaps(range: LeaseRange, others: readonly LeaseRange[]): boolean {
  return others.some((other) => other.first < range.end && range.first < other.end);
}

/** The parts of a range that one of the others covers. */
function within(range: LeaseRange, others: readonly LeaseRange[]): readonly LeaseRange[] {
  return others.flatMap((other) => {
    const first = Math.max(range.first, other.first);
    const end = Math.min(range.end, other.end);
    return first < end ? [{ first, end }] : [];
  });
}

/** What more than one of the ranges covers. */
function overlapsOf(ranges: readonly LeaseRange[]): readonly LeaseRange[] {
  return ranges.flatMap((range, i) => within(range, ranges.slice(i + 1)));
}

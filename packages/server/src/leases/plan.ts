import type { LeaseRange } from './apportion.ts';
import { apportion } from './apportion.ts';

/** A worker as a plan sees it, in the order of leases. */
export interface Candidate {
  /** Measured time of one microbatch in microseconds; undefined before the first. */
  readonly leafMicros: number | undefined;
  /** Its standing lease. */
  readonly lease: LeaseRange | undefined;
}

/** A standing plan is unfit when the best one is faster by more than this factor. */
const worthwhile = 1.25;
/** It is replaced when it was unfit for so many steps in a row: leases are sticky, and do not follow every disturbance. */
const patienceSteps = 10;

/** What a plan decides: who computes what, and for how many steps the standing plan has been unfit. */
export interface LeasePlan {
  readonly ranges: readonly LeaseRange[];
  readonly unfitSteps: number;
}

/**
 * Who computes which microbatches: contiguous ranges in the order of the workers, sizes proportional to measured speed.
 * Equal or unknown speeds give the even cut. When workers came or went there is a new plan at once; else the standing
 * one stays until it has been unfit for some steps. Pure; ranges may be empty.
 */
export function planLeases(
  range: LeaseRange,
  workers: readonly Candidate[],
  unfitSteps: number,
): LeasePlan {
  const standing = standingPlan(range, workers);
  const typical = medianOf(workers.flatMap(({ leafMicros }) => leafMicros ?? []));
  if (typical === undefined) {
    return { ranges: standing ?? apportion(range, workers.length), unfitSteps: 0 };
  }
  const costs = workers.map(({ leafMicros }) => leafMicros ?? typical);
  const known = standing ?? apportion(range, workers.length);
  const best = cutBySpeed(range, costs);
  if (longest(known, costs) <= worthwhile * longest(best, costs)) {
    return { ranges: known, unfitSteps: 0 };
  }
  if (standing === undefined || unfitSteps + 1 >= patienceSteps) {
    return { ranges: best, unfitSteps: 0 };
  }
  return { ranges: standing, unfitSteps: unfitSteps + 1 };
}

/** The middle of some numbers; the lower one of two. */
export function medianOf(values: readonly number[]): number | undefined {
  return [...values].sort((a, b) => a - b)[(values.length - 1) >> 1];
}

/** The leases as they are, when they cut the range without gap or overlap. */
function standingPlan(
  { first, end }: LeaseRange,
  workers: readonly Candidate[],
): readonly LeaseRange[] | undefined {
  let next = first;
  const plan: LeaseRange[] = [];
  for (const { lease } of workers) {
    if (lease?.first !== next) return undefined;
    plan.push(lease);
    next = lease.end;
  }
  return next === end ? plan : undefined;
}

/** Gives each microbatch to whom it delays least (the greedy rule for machines of different speeds). */
function cutBySpeed({ first, end }: LeaseRange, costs: readonly number[]): readonly LeaseRange[] {
  const sizes = costs.map(() => 0);
  for (let leaf = first; leaf < end; leaf += 1) {
    let best = 0;
    costs.forEach((cost, i) => {
      if (((sizes[i] ?? 0) + 1) * cost < ((sizes[best] ?? 0) + 1) * (costs[best] ?? 0)) best = i;
    });
    sizes[best] = (sizes[best] ?? 0) + 1;
  }
  let next = first;
  return sizes.map((size) => {
    const from = next;
    next += size;
    return { first: from, end: next };
  });
}

function longest(plan: readonly LeaseRange[], costs: readonly number[]): number {
  return Math.max(...plan.map((part, i) => (part.end - part.first) * (costs[i] ?? 0)));
}

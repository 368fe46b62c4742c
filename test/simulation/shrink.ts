import type { Fault } from './faults/fault.ts';
import type { Schedule } from './faults/schedule.ts';
import { runSchedule } from './run.ts';

/**
 * The fewest faults of a schedule that break the same promise: delta debugging (Zeller and Hildebrandt, Simplifying and
 * Isolating Failure-Inducing Input, 2002) on the list of faults. Every stream of random numbers is keyed by what it is
 * for, so that leaving a fault out changes nothing else.
 */
export async function shrinkSchedule(
  schedule: Schedule,
  isBroken: (candidate: Schedule) => Promise<boolean> = breaksLike(schedule),
): Promise<Schedule> {
  const fails = (faults: readonly Fault[]): Promise<boolean> => isBroken({ ...schedule, faults });
  let { faults } = schedule;
  let parts = 2;
  while (faults.length > 1) {
    const smaller = await firstFailing(withoutParts(faults, parts), fails);
    if (smaller !== undefined) {
      faults = smaller;
      parts = Math.max(parts - 1, 2);
    } else if (parts < faults.length) {
      parts = Math.min(2 * parts, faults.length);
    } else {
      break;
    }
  }
  return { ...schedule, faults };
}

/** The lists that lack one of `parts` equal parts. */
function withoutParts(faults: readonly Fault[], parts: number): readonly (readonly Fault[])[] {
  const cut = (part: number): number => Math.floor((part * faults.length) / parts);
  return Array.from({ length: parts }, (_, part) => [
    ...faults.slice(0, cut(part)),
    ...faults.slice(cut(part + 1)),
  ]);
}

async function firstFailing(
  candidates: readonly (readonly Fault[])[],
  fails: (faults: readonly Fault[]) => Promise<boolean>,
): Promise<readonly Fault[] | undefined> {
  for (const candidate of candidates) {
    if (await fails(candidate)) return candidate;
  }
  return undefined;
}

function breaksLike(schedule: Schedule): (candidate: Schedule) => Promise<boolean> {
  const wanted = runSchedule(schedule).then(({ violation }) => violation?.invariant);
  return async (candidate) => {
    const { violation } = await runSchedule(candidate);
    return violation !== undefined && violation.invariant === (await wanted);
  };
}

/** Where a run's wall time goes; exactly one of these at each instant. */
export type TimeCategory =
  'compute' | 'exchange' | 'wait' | 'recomputed' | 'evaluation' | 'checkpoint' | 'down' | 'other';

const categories: readonly TimeCategory[] = [
  'compute',
  'exchange',
  'wait',
  'recomputed',
  'evaluation',
  'checkpoint',
  'down',
  'other',
];

/** Adds up the lead's wall time by category. */
export interface Goodput {
  /** From `nowMs` on, time belongs to `category`. */
  enter(category: TimeCategory, nowMs: number): void;
  /** Fractions of the time so far; they add to 1 (to 4 digits each). */
  fractions(nowMs: number): Readonly<Record<TimeCategory, number>>;
  /** Milliseconds so far, by category. */
  spentMs(nowMs: number): TimeSpent;
}

/** Milliseconds by category; a missing one is 0. */
export type TimeSpent = Readonly<Partial<Record<TimeCategory, number>>>;

/** Begins counting on top of what earlier lives of the run spent; the time before the first `enter` is `other`. */
export function createGoodput(startMs: number, before: TimeSpent = {}): Goodput {
  const spent = new Map(categories.map((each) => [each, before[each] ?? 0]));
  let current: TimeCategory = 'other';
  let sinceMs = startMs;
  const settle = (nowMs: number): void => {
    spent.set(current, (spent.get(current) ?? 0) + Math.max(0, nowMs - sinceMs));
    sinceMs = nowMs;
  };
  return {
    enter(category, nowMs) {
      settle(nowMs);
      current = category;
    },
    fractions(nowMs) {
      settle(nowMs);
      return asFractions(spent);
    },
    spentMs(nowMs) {
      settle(nowMs);
      return Object.fromEntries(spent);
    },
  };
}

/** Rounded fractions that still add to 1: what rounding leaves over goes to `other`. */
function asFractions(
  spent: ReadonlyMap<TimeCategory, number>,
): Readonly<Record<TimeCategory, number>> {
  const total = [...spent.values()].reduce((sum, ms) => sum + ms, 0);
  const units = categories.map((each) => {
    const share = total > 0 ? (spent.get(each) ?? 0) / total : 0;
    return [each, Math.round(share * 10_000)] as const;
  });
  const rest = 10_000 - units.reduce((sum, [, unit]) => sum + unit, 0);
  const fractions = units.map(([each, unit]) => {
    return [each, (each === 'other' ? unit + rest : unit) / 10_000] as const;
  });
  return Object.fromEntries(fractions) as Record<TimeCategory, number>;
}

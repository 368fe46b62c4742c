import { faultKinds } from './faults/mischief.ts';
import type { Violation } from './invariants.ts';
import type { Verdict } from './run.ts';

/** A schedule that broke a promise. */
export interface Failure {
  readonly number: number;
  readonly violation: Violation;
}

/** What came of many schedules; plain JSON. */
export interface Tally {
  readonly schedules: number;
  readonly failures: readonly Failure[];
  /** Faults that did strike, by kind. */
  readonly fired: Readonly<Record<string, number>>;
  /** What the servers counted: nodes that came twice, late, ... */
  readonly counters: Readonly<Record<string, number>>;
  readonly steps: number;
  readonly virtualMs: number;
  readonly peakBytes: number;
}

/** Of no schedules. */
export const emptyTally: Tally = {
  schedules: 0,
  failures: [],
  fired: {},
  counters: {},
  steps: 0,
  virtualMs: 0,
  peakBytes: 0,
};

/** The tally of one schedule. */
export function tallyOf(verdict: Verdict): Tally {
  const { schedule, violation, counters, steps, virtualMs, peakBytes } = verdict;
  const fired: Record<string, number> = {};
  for (const { kind } of verdict.fired) fired[kind] = (fired[kind] ?? 0) + 1;
  const failures = violation === undefined ? [] : [{ number: schedule.number, violation }];
  return { schedules: 1, failures, fired, counters, steps, virtualMs, peakBytes };
}

/** Both together. */
export function addTallies(a: Tally, b: Tally): Tally {
  return {
    schedules: a.schedules + b.schedules,
    failures: [...a.failures, ...b.failures].sort((x, y) => x.number - y.number),
    fired: addCounts(a.fired, b.fired),
    counters: addCounts(a.counters, b.counters),
    steps: a.steps + b.steps,
    virtualMs: a.virtualMs + b.virtualMs,
    peakBytes: Math.max(a.peakBytes, b.peakBytes),
  };
}

/** The tally in lines, for people. */
export function describeTally(tally: Tally, wallMs: number): string {
  const { schedules, failures, steps, virtualMs, peakBytes } = tally;
  const hours = (virtualMs / 3_600_000).toFixed(1);
  const seconds = (wallMs / 1000).toFixed(1);
  const counts = (record: Readonly<Record<string, number>>, names: readonly string[]): string =>
    names.map((name) => `${name} ${String(record[name] ?? 0)}`).join(', ');
  return [
    `${String(schedules)} schedules, ${String(failures.length)} broke a promise (${seconds} s)`,
    `  ${String(steps)} steps in ${hours} hours of virtual time; at most ${String(peakBytes)} bytes waited in a connection`,
    `  faults that struck: ${counts(tally.fired, faultKinds)}`,
    `  nodes at the servers: ${counts(tally.counters, Object.keys(tally.counters).sort())}`,
  ].join('\n');
}

function addCounts(
  a: Readonly<Record<string, number>>,
  b: Readonly<Record<string, number>>,
): Readonly<Record<string, number>> {
  const sum = { ...a };
  for (const [name, count] of Object.entries(b)) sum[name] = (sum[name] ?? 0) + count;
  return sum;
}

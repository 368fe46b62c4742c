import type { RunEvent } from '@paceline/protocol';
import type { RunSummary, StatusReport } from '@paceline/server';
import type { Expectation } from './toy/oracle.ts';
import { readLedger, toyExamples, toyTestExamples } from './toy/model.ts';

/** A promise that was broken. */
export interface Violation {
  readonly invariant:
    | 'bits'
    | 'exactly-once'
    | 'progress'
    | 'bounded-queues'
    | 'named-waits'
    | 'no-crash'
    | 'one-of-a-name'
    | 'untouched-parameters'
    | 'nothing-left';
  readonly message: string;
}

/** What is true of every run, whatever goes wrong in it. Each check throws nothing and returns what is broken. */
export interface Invariants {
  /** Looks at an event of the server. */
  checkEvent(event: RunEvent): Violation | undefined;
  /** Looks at the end. */
  checkEnd(summary: RunSummary): Violation | undefined;
}

/** The invariants of a run that is expected to be as `expected` says. */
export function createInvariants(expected: Expectation, o: { readonly steps: number }): Invariants {
  /** How often each example was applied in each step. */
  const applied = new Map<number, readonly number[]>();
  const checkStep = (
    event: Extract<RunEvent, { readonly type: 'step' }>,
  ): Violation | undefined => {
    const step = event.step - 1;
    const sums = expected.steps[step];
    if (sums === undefined) return bits(`step ${String(event.step)} is not part of the run`);
    applied.set(step, readLedger(event.metrics, sums[0] ?? 0));
    const counted = checkEpoch(applied, step, expected.epochs);
    if (counted !== undefined) return counted;
    return compare(`step ${String(event.step)}`, event, sums);
  };
  return {
    checkEvent(event) {
      if (event.type === 'step') return checkStep(event);
      if (event.type !== 'evaluation') return undefined;
      const sums = expected.evaluations.get(event.step);
      if (sums === undefined) return bits(`version ${String(event.step)} was not to be evaluated`);
      const counts = readLedger(event.metrics, sums[0] ?? 0);
      const wrong = counts.findIndex((count, i) => count !== (i < toyTestExamples ? 1 : 0));
      if (wrong >= 0) return twice(`test example ${String(wrong)}`, counts[wrong] ?? 0);
      return compare(`evaluation of version ${String(event.step)}`, event, sums);
    },
    checkEnd({ status, end, message }) {
      if (status !== 'finished') return bits(`the run ended as ${status}: ${message}`);
      if (end.steps !== o.steps) return bits(`${String(end.steps)} steps of ${String(o.steps)}`);
      for (const name of ['weightsSha256', 'stateSha256'] as const) {
        if (end[name] === expected[name]) continue;
        return bits(`${name} is ${String(end[name])}, of the undisturbed run ${expected[name]}`);
      }
      if (applied.size === o.steps) return undefined;
      return twice('a step', applied.size);
    },
  };
}

/** Whether a status is in order: names, and waits. `isQuiet`: no frame is under way, and nobody computes. */
export function checkStatus(status: StatusReport, isQuiet: boolean): Violation | undefined {
  const { workers, waits, phase } = status;
  const names = workers.map(({ name }) => name);
  if (new Set(names).size < names.length) {
    return { invariant: 'one-of-a-name', message: `two of ${names.join(', ')} have a name` };
  }
  const active = workers.filter(({ stage }) => stage === 'active').map(({ name }) => name);
  if (active.length > 0 && waits.some((wait) => wait.includes('none left'))) {
    const message = `work is given to nobody, while ${active.join(', ')} could do it`;
    return { invariant: 'named-waits', message };
  }
  if (!isQuiet || phase === 'over' || waits.length > 0) return undefined;
  const message = `nothing is under way in phase ${phase}, and no wait has a name`;
  return { invariant: 'named-waits', message };
}

/** Each example at most once in the steps of an epoch so far, and exactly once when it is over. */
function checkEpoch(
  applied: ReadonlyMap<number, readonly number[]>,
  last: number,
  epochs: readonly number[],
): Violation | undefined {
  const epoch = epochs[last];
  const isOver = epochs[last + 1] !== epoch;
  for (let example = 0; example < toyExamples; example += 1) {
    let count = 0;
    for (let step = last; epochs[step] === epoch; step -= 1) {
      count += applied.get(step)?.[example] ?? 0;
    }
    if (count > 1 || (isOver && count !== 1)) {
      return twice(`example ${String(example)} of epoch ${String(epoch)}`, count);
    }
  }
  return undefined;
}

function compare(
  what: string,
  event: { readonly loss: number; readonly metrics: Readonly<Record<string, number>> },
  sums: Float32Array,
): Violation | undefined {
  const [weight = 0, ...rest] = sums;
  const said = [event.loss, ...Object.values(event.metrics)];
  const isSame = rest.every((sum, i) => Object.is(sum / weight, said[i]));
  return isSame
    ? undefined
    : bits(`${what} says ${said.join(', ')}, not ${rest.join(', ')} / ${String(weight)}`);
}

function bits(message: string): Violation {
  return { invariant: 'bits', message };
}

function twice(what: string, count: number): Violation {
  return { invariant: 'exactly-once', message: `${what} was applied ${String(count)} times` };
}

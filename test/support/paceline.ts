import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

import type { EndEvent, EvaluationEvent, RunEvent } from '@paceline/protocol';

import { within } from './deadline.ts';
import { startNode, usualDeadlineMs } from './processes.ts';
import type { TestProcess } from './processes.ts';
import type { Scratch } from './scratch.ts';

const program = fileURLToPath(new URL('../../apps/cli/bin/paceline.js', import.meta.url));
const jobs = new URL('../e2e/jobs/', import.meta.url);

/** The event of that type. */
export type EventOf<T extends RunEvent['type']> = Extract<RunEvent, { readonly type: T }>;

/** A `paceline` command that runs, and the events that it told on standard output so far. */
export interface PacelineProcess extends TestProcess {
  readonly events: readonly RunEvent[];
  /** The first event of that type that `is` accepts: one that came before, or the next to come. */
  event<T extends RunEvent['type']>(
    type: T,
    is?: (event: EventOf<T>) => boolean,
    deadlineMs?: number,
  ): Promise<EventOf<T>>;
}

/** A run from its start to its end. */
export interface FinishedRun {
  readonly exitCode: number;
  readonly events: readonly RunEvent[];
  readonly end: EndEvent;
  readonly evaluations: readonly EvaluationEvent[];
  /** The run's folder. */
  readonly out: string;
}

export interface TrainOptions {
  readonly workers: number;
  readonly backend?: 'tensorflow' | 'wasm' | 'cpu';
  /** Overrides, each `a.b=c`. */
  readonly set?: readonly string[];
  readonly flags?: readonly string[];
  /** When to give up waiting for the end. */
  readonly deadlineMs?: number;
}

/** Path of a job file in test/e2e/jobs. */
export function jobFile(name: string): string {
  return fileURLToPath(new URL(name, jobs));
}

/** Starts the command `paceline` as a user does: the program itself, in an environment without a trace of the test's. */
export function startPaceline(
  scratch: Scratch,
  args: readonly string[],
  directory = scratch.path,
): PacelineProcess {
  const events: RunEvent[] = [];
  const waiting = new Set<() => void>();
  const running = startNode({
    args: [program, ...args],
    env: scratch.env,
    directory,
    onLine: (line) => {
      if (!line.startsWith('{"type":')) return;
      events.push(JSON.parse(line) as RunEvent);
      for (const look of waiting) look();
    },
  });
  return {
    ...running,
    events,
    event: async (type, is = () => true, deadlineMs = usualDeadlineMs) => {
      const found = Promise.withResolvers<EventOf<typeof type>>();
      const look = (): void => {
        const event = events.find((each) => each.type === type && is(each as EventOf<typeof type>));
        if (event !== undefined) found.resolve(event as EventOf<typeof type>);
      };
      waiting.add(look);
      look();
      const ended = running.ended.then(() => {
        throw new Error(`no such ${type} event: the process ended\n${running.errors()}`);
      });
      ended.catch(() => undefined);
      try {
        const words = (): string => `an event ${type}; last: ${running.lines.at(-1) ?? 'none'}`;
        return await within(Promise.race([found.promise, ended]), deadlineMs, words);
      } finally {
        waiting.delete(look);
      }
    },
  };
}

/** Runs a command to its end: exit code, standard output, standard error. */
export async function runPaceline(
  scratch: Scratch,
  args: readonly string[],
): Promise<{ readonly exitCode: number; readonly output: string; readonly errors: string }> {
  const running = startPaceline(scratch, args);
  const exitCode = await running.exit();
  return { exitCode, output: running.lines.join('\n'), errors: running.errors() };
}

let runs = 0;

/** Starts `paceline train JOB --json` into a folder of its own below the scratch folder. */
export function startTraining(
  scratch: Scratch,
  job: string,
  { workers, backend, set = [], flags = [] }: TrainOptions,
): PacelineProcess & { readonly out: string } {
  const out = join(scratch.path, `run-${(runs += 1)}`);
  const args = ['train', job, '--json', '--workers', String(workers), '--out', out];
  const chosen = backend === undefined ? [] : ['--backend', backend];
  const overrides = set.flatMap((setting) => ['--set', setting]);
  return { ...startPaceline(scratch, [...args, ...chosen, ...overrides, ...flags]), out };
}

/**
 * Trains to the end.
 *
 * @throws Error with standard error, when the run did not finish
 */
export async function train(
  scratch: Scratch,
  job: string,
  options: TrainOptions,
): Promise<FinishedRun> {
  return finished(startTraining(scratch, job, options), options.deadlineMs);
}

/** Waits for the end of a run. */
export async function finished(
  running: PacelineProcess & { readonly out: string },
  deadlineMs: number = usualDeadlineMs,
): Promise<FinishedRun> {
  const end = await running.event('end', undefined, deadlineMs);
  const exitCode = await running.exit();
  if (exitCode !== 0) throw new Error(`exit code ${exitCode}: ${running.errors()}`);
  const { events, out } = running;
  const evaluations = events.filter((event) => event.type === 'evaluation');
  return { exitCode, events, end, evaluations, out };
}

/** What two runs of the same job must have in common to the last bit. */
export function bitsOf({ end }: Pick<FinishedRun, 'end'>): object {
  const { weightsSha256, stateSha256, loss, metrics } = end;
  return { weightsSha256, stateSha256, loss, metrics };
}

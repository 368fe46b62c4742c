import type { ShutdownSignal } from '@paceline/telemetry';

import type { CrashStreak } from './restarts.ts';

/** The name of the server among the processes; workers have names of their own. */
export const serverName = 'server';

/** Where a process stands. `waiting`: it crashed and is started again shortly. */
export type ProcessPhase = 'idle' | 'running' | 'waiting' | 'gone';

/** One process of the run, over all its lives. */
export interface ProcessRecord {
  readonly phase: ProcessPhase;
  /** When its present or last life began. */
  readonly startedMs: number;
  readonly streak?: CrashStreak;
}

/**
 * Where the run stands: `gathering` until training begins for the first time; `draining` the server said the end;
 * `stopping` all is being ended early.
 */
export type RunPhase = 'gathering' | 'training' | 'draining' | 'stopping' | 'done';

/** The first thing that went wrong: what the user is told, however much else fails after it. */
export interface Cause {
  readonly process: string;
  /** A sentence without the process's name: `exited with code 2 (bad usage or job)`. */
  readonly words: string;
  readonly code: number;
  readonly lastLines: readonly string[];
}

/** Who failed, how, and its last word. */
export function describeCause({ process, words, lastLines }: Cause): string {
  const last = lastLines.at(-1);
  return `${process} ${words}${last === undefined ? '' : `: ${last}`}`;
}

export interface SupervisionLimits {
  /** How often a process is started again when it crashes again and again. */
  readonly maxRestarts: number;
  /** The server must say its address within this time. */
  readonly startMs: number;
  /** After the end, and after a request to stop: how long processes may take to leave by themselves. */
  readonly leaveMs: number;
  readonly stopMs: number;
  /** From SIGTERM to SIGKILL. */
  readonly killMs: number;
}

export interface SupervisionState {
  readonly limits: SupervisionLimits;
  readonly phase: RunPhase;
  /** Whether the server that runs now has said its address. */
  readonly isListening: boolean;
  /** How many workers the run is meant to have. */
  readonly wanted: number;
  /** Workers that still run, but that the server lets go because there are too many. */
  readonly leaving: number;
  /** Whether everybody has been asked to end by signal. */
  readonly isAsked: boolean;
  /** All processes there ever were, by name. */
  readonly processes: Readonly<Record<string, ProcessRecord>>;
  readonly cause?: Cause;
  readonly stopSignal?: ShutdownSignal;
}

/** The state before anything is started. */
export function createSupervision(
  workers: readonly string[],
  limits: SupervisionLimits,
): SupervisionState {
  const idle: ProcessRecord = { phase: 'idle', startedMs: 0 };
  const processes = Object.fromEntries([serverName, ...workers].map((name) => [name, idle]));
  return {
    limits,
    phase: 'gathering',
    isListening: false,
    wanted: workers.length,
    leaving: 0,
    isAsked: false,
    processes,
  };
}

/** Names of the processes in one of these phases, the server first. */
export function processesIn(
  state: SupervisionState,
  ...phases: readonly ProcessPhase[]
): readonly string[] {
  return Object.entries(state.processes)
    .filter(([, { phase }]) => phases.includes(phase))
    .map(([name]) => name);
}

/** Names of the workers in one of these phases, in the order in which they were first started. */
export function workersIn(
  state: SupervisionState,
  ...phases: readonly ProcessPhase[]
): readonly string[] {
  return processesIn(state, ...phases).filter((name) => name !== serverName);
}

/** The state with changes of one process, which may be a new one. */
export function withProcess(
  state: SupervisionState,
  name: string,
  change: Partial<ProcessRecord>,
): SupervisionState {
  const before = state.processes[name] ?? { phase: 'idle', startedMs: 0 };
  return { ...state, processes: { ...state.processes, [name]: { ...before, ...change } } };
}

/** The state in which these processes stand so. */
export function withPhase(
  state: SupervisionState,
  names: readonly string[],
  phase: ProcessPhase,
): SupervisionState {
  return names.reduce((next, name) => withProcess(next, name, { phase }), state);
}

/** Whether the run is over or about to be: nothing is started any more. */
export function isEnding({ phase }: SupervisionState): boolean {
  return phase === 'draining' || phase === 'stopping' || phase === 'done';
}

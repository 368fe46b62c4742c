import type { RunEvent } from '@paceline/protocol';
import type { ShutdownSignal } from '@paceline/telemetry';

import type { ProcessExit } from './exit.ts';

/** The name of the server among the processes; workers have names of their own. */
export const serverName = 'server';

/** Where a process stands. `waiting`: it crashed and is started again shortly. */
export type ProcessPhase = 'idle' | 'running' | 'waiting' | 'gone';

/**
 * Where the run stands: `starting` the server has not said its address; `gathering` workers are started
 * but training has not begun; `draining` the server said the end; `stopping` all is being ended early.
 */
export type RunPhase = 'starting' | 'gathering' | 'training' | 'draining' | 'stopping' | 'done';

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
  /** How often one worker is started again after a crash. */
  readonly restartsPerWorker: number;
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
  readonly processes: Readonly<Record<string, ProcessPhase>>;
  readonly restarts: Readonly<Record<string, number>>;
  readonly cause?: Cause;
  readonly stopSignal?: ShutdownSignal;
}

/** `leave`: ask those who are still here to end. `kill`: end them. `restart:NAME`: start that worker again. */
export type SupervisionTimer = 'start' | 'leave' | 'kill' | `restart:${string}`;

export type SupervisionEvent =
  | { readonly type: 'begin' }
  | { readonly type: 'listening' }
  | { readonly type: 'training' }
  | { readonly type: 'ended' }
  | { readonly type: 'exited'; readonly process: string; readonly exit: ProcessExit }
  | { readonly type: 'stop'; readonly signal: ShutdownSignal; readonly atOnce: boolean }
  | { readonly type: 'timer'; readonly timer: SupervisionTimer };

export type SupervisionEffect =
  | { readonly type: 'start'; readonly process: string; readonly again: boolean }
  | { readonly type: 'signal'; readonly process: string; readonly signal: 'SIGTERM' | 'SIGKILL' }
  | { readonly type: 'timer'; readonly timer: SupervisionTimer; readonly delayMs: number }
  | { readonly type: 'report'; readonly event: RunEvent }
  | { readonly type: 'finish' };

export interface Transition {
  readonly state: SupervisionState;
  readonly effects: readonly SupervisionEffect[];
}

/** The state before anything is started. */
export function createSupervision(
  workers: readonly string[],
  limits: SupervisionLimits,
): SupervisionState {
  const processes: Record<string, ProcessPhase> = { [serverName]: 'idle' };
  for (const worker of workers) processes[worker] = 'idle';
  return { limits, phase: 'starting', processes, restarts: {} };
}

/** Names of the processes in one of these phases, the server first. */
export function processesIn(
  state: SupervisionState,
  ...phases: readonly ProcessPhase[]
): readonly string[] {
  return Object.entries(state.processes)
    .filter(([, phase]) => phases.includes(phase))
    .map(([name]) => name);
}

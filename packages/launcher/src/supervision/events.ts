import type { RunEvent } from '@paceline/protocol';
import type { ShutdownSignal } from '@paceline/telemetry';

import type { ProcessExit } from '../process/exit.ts';
import type { SupervisionState } from './state.ts';

/**
 * `start`: the server did not say its address. `leave`: ask those who are still here to end. `kill`: end them.
 * `restart:NAME`: start that process again.
 */
export type SupervisionTimer = 'start' | 'leave' | 'kill' | `restart:${string}`;

/** What can happen to a run on one machine. */
export type SupervisionEvent =
  | { readonly type: 'begin' }
  | { readonly type: 'listening' }
  | { readonly type: 'training' }
  /** The run is to have so many workers from now on; the server lets surplus ones go by itself. */
  | { readonly type: 'scale'; readonly workers: number }
  | { readonly type: 'ended' }
  | { readonly type: 'exited'; readonly process: string; readonly exit: ProcessExit }
  | { readonly type: 'stop'; readonly signal: ShutdownSignal; readonly atOnce: boolean }
  | { readonly type: 'timer'; readonly timer: SupervisionTimer };

/** What is to be done about it. */
export type SupervisionEffect =
  | { readonly type: 'start'; readonly process: string; readonly again: boolean }
  | { readonly type: 'signal'; readonly process: string; readonly signal: 'SIGTERM' | 'SIGKILL' }
  | { readonly type: 'timer'; readonly timer: SupervisionTimer; readonly delayMs: number }
  | { readonly type: 'report'; readonly event: RunEvent }
  | { readonly type: 'finish' };

/** A decision: the next state, and what to do, in order. */
export interface Transition {
  readonly state: SupervisionState;
  readonly effects: readonly SupervisionEffect[];
}

/** Nothing is to be done. */
export function unchanged(state: SupervisionState): Transition {
  return { state, effects: [] };
}

/** Sets a timer. */
export function timer(which: SupervisionTimer, delayMs: number): SupervisionEffect {
  return { type: 'timer', timer: which, delayMs };
}

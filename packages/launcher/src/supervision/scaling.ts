import type { Transition } from './events.ts';
import { startProcesses } from './starting.ts';
import { withPhase, workersIn } from './state.ts';
import type { SupervisionState } from './state.ts';

/**
 * The run is to have `wanted` workers. Missing ones are started under new names. Of too many, those that are about to be
 * started again are not; the rest of the surplus is let go by the server, and ends by itself.
 */
export function scale(state: SupervisionState, wanted: number, nowMs: number): Transition {
  const staying = workersIn(state, 'running', 'waiting', 'idle').length - state.leaving;
  const surplus = Math.max(0, staying - wanted);
  const waiting = workersIn(state, 'waiting');
  const dropped = waiting.slice(Math.max(0, waiting.length - surplus));
  const next: SupervisionState = {
    ...withPhase(state, dropped, 'gone'),
    wanted,
    leaving: state.leaving + surplus - dropped.length,
  };
  const everKnown = workersIn(state, 'running', 'waiting', 'idle', 'gone').length;
  const missing = Math.max(0, wanted - staying);
  const names = Array.from({ length: missing }, (_, i) => `w${everKnown + i + 1}`);
  return startProcesses(next, names, { nowMs, again: false });
}

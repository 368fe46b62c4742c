import type { ShutdownSignal } from '@paceline/telemetry';

import { timer } from './events.ts';
import type { SupervisionEffect, Transition } from './events.ts';
import { processesIn, serverName, withPhase } from './state.ts';
import type { SupervisionState } from './state.ts';

/** The server tells the workers that the run is over; those who did not hear it are asked by signal. */
export function drain(state: SupervisionState): Transition {
  return {
    state: { ...dropWaiting(state), phase: 'draining' },
    effects: [timer('leave', state.limits.leaveMs)],
  };
}

/** Somebody wants the run to end: the server is asked first, as it has a checkpoint to write and tells the workers. */
export function stopBySignal(before: SupervisionState, signal: ShutdownSignal): Transition {
  const state: SupervisionState = { ...before, stopSignal: signal };
  if (state.processes[serverName]?.phase !== 'running') return askToLeave(state);
  return {
    state: { ...dropWaiting(state), phase: 'stopping' },
    effects: [terminate(serverName), timer('leave', state.limits.stopMs)],
  };
}

/** Everybody who still runs is asked to end, and ended a little later. */
export function askToLeave(before: SupervisionState): Transition {
  const state = dropWaiting(before);
  const phase = state.phase === 'draining' ? 'draining' : 'stopping';
  return finishWhenEmpty({ ...state, phase, isAsked: true }, [
    ...processesIn(state, 'running').map((name) => terminate(name)),
    timer('kill', state.limits.killMs),
  ]);
}

/** Everybody who still runs is ended. */
export function killAll(before: SupervisionState): Transition {
  const state: SupervisionState = { ...dropWaiting(before), phase: 'stopping' };
  const kills = processesIn(state, 'running').map((name): SupervisionEffect => ({
    type: 'signal',
    process: name,
    signal: 'SIGKILL',
  }));
  return finishWhenEmpty(state, kills);
}

/** The supervision is over with the last process. */
export function finishWhenEmpty(
  state: SupervisionState,
  effects: readonly SupervisionEffect[] = [],
): Transition {
  if (processesIn(state, 'running').length > 0) return { state, effects };
  return { state: { ...state, phase: 'done' }, effects: [{ type: 'finish' }] };
}

function dropWaiting(state: SupervisionState): SupervisionState {
  return withPhase(state, processesIn(state, 'waiting', 'idle'), 'gone');
}

function terminate(process: string): SupervisionEffect {
  return { type: 'signal', process, signal: 'SIGTERM' };
}

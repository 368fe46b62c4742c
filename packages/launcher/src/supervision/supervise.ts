import { askToLeave, drain, killAll, stopBySignal } from './ending.ts';
import { unchanged } from './events.ts';
import type { SupervisionEvent, SupervisionTimer, Transition } from './events.ts';
import { processExited } from './exits.ts';
import { scale } from './scaling.ts';
import { startProcesses } from './starting.ts';
import { isEnding, processesIn, serverName } from './state.ts';
import type { SupervisionState } from './state.ts';

/**
 * The whole policy of the launcher as one pure function: what happened, hence what to do. `nowMs` is the time on any
 * monotonic clock.
 */
export function supervise(
  state: SupervisionState,
  event: SupervisionEvent,
  nowMs: number,
): Transition {
  if (state.phase === 'done') return unchanged(state);
  switch (event.type) {
    case 'begin':
      return startProcesses(state, processesIn(state, 'idle'), { nowMs, again: false });
    case 'listening':
      return unchanged({ ...state, isListening: true });
    case 'training':
      return unchanged(state.phase === 'gathering' ? { ...state, phase: 'training' } : state);
    case 'scale':
      return isEnding(state) ? unchanged(state) : scale(state, event.workers, nowMs);
    case 'ended':
      return isEnding(state) ? unchanged(state) : drain(state);
    case 'exited':
      return processExited(state, event, nowMs);
    case 'stop':
      return event.atOnce || state.stopSignal !== undefined
        ? killAll({ ...state, stopSignal: state.stopSignal ?? event.signal })
        : stopBySignal(state, event.signal);
    case 'timer':
      return timeIsUp(state, event.timer, nowMs);
  }
}

function timeIsUp(state: SupervisionState, which: SupervisionTimer, nowMs: number): Transition {
  switch (which) {
    case 'leave':
      return isEnding(state) && !state.isAsked ? askToLeave(state) : unchanged(state);
    case 'kill':
      return isEnding(state) ? killAll(state) : unchanged(state);
    case 'start':
      return state.isListening || isEnding(state) ? unchanged(state) : startTimedOut(state);
    default: {
      const name = which.slice('restart:'.length);
      if (state.processes[name]?.phase !== 'waiting') return unchanged(state);
      return startProcesses(state, [name], { nowMs, again: true });
    }
  }
}

function startTimedOut(state: SupervisionState): Transition {
  if (state.processes[serverName]?.phase !== 'running') return unchanged(state);
  const words = `did not say its address within ${state.limits.startMs / 1000} s`;
  const cause = { process: serverName, words, code: 3, lastLines: [] };
  return askToLeave({ ...state, cause: state.cause ?? cause });
}

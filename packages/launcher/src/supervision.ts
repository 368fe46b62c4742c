import type { ShutdownSignal } from '@paceline/telemetry';

import { describeExit } from './exit.ts';
import type { ProcessExit } from './exit.ts';
import { processesIn, serverName } from './supervision-state.ts';
import type {
  ProcessPhase,
  SupervisionEffect,
  SupervisionEvent,
  SupervisionState,
  SupervisionTimer,
  Transition,
} from './supervision-state.ts';

const firstRestartDelayMs = 500;

/** The whole policy of the launcher as one pure function: what happened, hence what to do. */
export function supervise(state: SupervisionState, event: SupervisionEvent): Transition {
  if (state.phase === 'done') return unchanged(state);
  switch (event.type) {
    case 'begin':
      return {
        state: setProcess(state, serverName, 'running'),
        effects: [start(serverName), timer('start', state.limits.startMs)],
      };
    case 'listening':
      return state.phase === 'starting' ? startWorkers(state) : unchanged(state);
    case 'training':
      return unchanged(state.phase === 'gathering' ? { ...state, phase: 'training' } : state);
    case 'ended':
      return isEnding(state) ? unchanged(state) : drain(state);
    case 'exited':
      return event.process === serverName
        ? serverExited(state, event.exit)
        : workerExited(state, event.process, event.exit);
    case 'stop':
      return event.atOnce || state.stopSignal !== undefined
        ? killAll({ ...state, stopSignal: state.stopSignal ?? event.signal })
        : stopBySignal(state, event.signal);
    case 'timer':
      return timeIsUp(state, event.timer);
  }
}

function startWorkers(state: SupervisionState): Transition {
  const workers = processesIn(state, 'idle');
  const started = workers.reduce((next, worker) => setProcess(next, worker, 'running'), state);
  return { state: { ...started, phase: 'gathering' }, effects: workers.map((name) => start(name)) };
}

// The server tells the workers that the run is over; those who did not hear it are asked by signal.
function drain(state: SupervisionState): Transition {
  return {
    state: { ...dropWaiting(state), phase: 'draining' },
    effects: [timer('leave', state.limits.leaveMs)],
  };
}

function serverExited(before: SupervisionState, exit: ProcessExit): Transition {
  const state = setProcess(before, serverName, 'gone');
  const expected = isEnding(state) && (exit.code === 0 || state.stopSignal !== undefined);
  if (expected) return finishWhenEmpty(state);
  // Without a server the workers would go on trying to reach it for minutes: they are told at once.
  return askToLeave(withCause(state, serverName, exit));
}

function workerExited(before: SupervisionState, worker: string, exit: ProcessExit): Transition {
  const state = setProcess(before, worker, 'gone');
  if (isEnding(state)) return finishWhenEmpty(state);

  const restarts = state.restarts[worker] ?? 0;
  if (isCrash(exit) && restarts < state.limits.restartsPerWorker) {
    return {
      state: {
        ...setProcess(state, worker, 'waiting'),
        restarts: { ...state.restarts, [worker]: restarts + 1 },
      },
      effects: [
        report(worker, exit, 'is started again'),
        timer(`restart:${worker}`, firstRestartDelayMs * 2 ** restarts),
      ],
    };
  }
  // Before training, all workers are waited for: without one of them it would never begin.
  const canGoOn = state.phase === 'training' && hasWorkers(state);
  if (canGoOn) return { state, effects: [report(worker, exit, 'the others go on')] };
  return askToLeave(withCause(state, worker, exit));
}

/** Our own codes for "this will not work the next time either", and a clean end, are no crashes. */
function isCrash(exit: ProcessExit): boolean {
  return exit.spawnError === undefined && ![0, 2, 3, 4].includes(exit.code ?? -1);
}

function stopBySignal(before: SupervisionState, signal: ShutdownSignal): Transition {
  const state: SupervisionState = {
    ...dropWaiting(before),
    phase: 'stopping',
    stopSignal: signal,
  };
  const server = processesIn(state, 'running').filter((name) => name === serverName);
  const receivers = server.length > 0 ? server : processesIn(state, 'running');
  return finishWhenEmpty(state, [
    ...receivers.map((name) => terminate(name)),
    timer('leave', state.limits.stopMs),
  ]);
}

function timeIsUp(state: SupervisionState, which: SupervisionTimer): Transition {
  if (which === 'leave') return isEnding(state) ? askToLeave(state) : unchanged(state);
  if (which === 'kill') return isEnding(state) ? killAll(state) : unchanged(state);
  if (which === 'start')
    return state.phase === 'starting' ? startTimedOut(state) : unchanged(state);
  const worker = which.slice('restart:'.length);
  if (state.processes[worker] !== 'waiting') return unchanged(state);
  return { state: setProcess(state, worker, 'running'), effects: [start(worker, true)] };
}

function startTimedOut(state: SupervisionState): Transition {
  const words = `did not say its address within ${state.limits.startMs / 1000} s`;
  const cause = { process: serverName, words, code: 3, lastLines: [] };
  return askToLeave({ ...state, cause: state.cause ?? cause });
}

function askToLeave(before: SupervisionState): Transition {
  const state = dropWaiting(before);
  const phase = state.phase === 'draining' ? 'draining' : 'stopping';
  return finishWhenEmpty({ ...state, phase }, [
    ...processesIn(state, 'running').map((name) => terminate(name)),
    timer('kill', state.limits.killMs),
  ]);
}

function killAll(before: SupervisionState): Transition {
  const state: SupervisionState = { ...dropWaiting(before), phase: 'stopping' };
  const kills = processesIn(state, 'running').map((name): SupervisionEffect => ({
    type: 'signal',
    process: name,
    signal: 'SIGKILL',
  }));
  return finishWhenEmpty(state, kills);
}

function finishWhenEmpty(
  state: SupervisionState,
  effects: readonly SupervisionEffect[] = [],
): Transition {
  if (processesIn(state, 'running').length > 0) return { state, effects };
  return { state: { ...state, phase: 'done' }, effects: [{ type: 'finish' }] };
}

function withCause(state: SupervisionState, process: string, exit: ProcessExit): SupervisionState {
  if (state.cause !== undefined || state.stopSignal !== undefined) return state;
  const code = [2, 3, 4, 130, 143].includes(exit.code ?? -1) ? (exit.code ?? 3) : 3;
  const words = describeExit(exit);
  return { ...state, cause: { process, words, code, lastLines: exit.lastLines } };
}

function isEnding(state: SupervisionState): boolean {
  return state.phase === 'draining' || state.phase === 'stopping' || state.phase === 'done';
}

function hasWorkers(state: SupervisionState): boolean {
  return processesIn(state, 'running', 'waiting').some((name) => name !== serverName);
}

function dropWaiting(state: SupervisionState): SupervisionState {
  return processesIn(state, 'waiting', 'idle').reduce(
    (next, name) => setProcess(next, name, 'gone'),
    state,
  );
}

function setProcess(
  state: SupervisionState,
  process: string,
  phase: ProcessPhase,
): SupervisionState {
  return { ...state, processes: { ...state.processes, [process]: phase } };
}

function unchanged(state: SupervisionState): Transition {
  return { state, effects: [] };
}

function start(process: string, again = false): SupervisionEffect {
  return { type: 'start', process, again };
}

function terminate(process: string): SupervisionEffect {
  return { type: 'signal', process, signal: 'SIGTERM' };
}

function timer(which: SupervisionTimer, delayMs: number): SupervisionEffect {
  return { type: 'timer', timer: which, delayMs };
}

function report(worker: string, exit: ProcessExit, then: string): SupervisionEffect {
  const lastLine = exit.lastLines.at(-1);
  const detail = `worker ${worker} ${describeExit(exit)}; ${then}`;
  return {
    type: 'report',
    event: {
      type: 'fault',
      kind: 'worker-exited',
      detail: lastLine === undefined ? detail : `${detail}. Its last words: ${lastLine}`,
    },
  };
}

import type { RunEvent } from '@paceline/protocol';
import type { Clock, ShutdownSignal } from '@paceline/telemetry';

import type { ProcessPlan, RunPlan } from './plan.ts';
import type { ProcessHandlers, RunningProcess } from './process.ts';
import { readEventLine, startedUrl } from './server-output.ts';
import { createSupervision, describeCause, serverName } from './supervision-state.ts';
import type {
  Cause,
  SupervisionEffect,
  SupervisionEvent,
  SupervisionLimits,
  SupervisionState,
  SupervisionTimer,
} from './supervision-state.ts';
import { supervise } from './supervision.ts';

export interface SupervisorOptions {
  readonly clock: Clock;
  readonly limits: SupervisionLimits;
  readonly start: (plan: ProcessPlan, clock: Clock, handlers: ProcessHandlers) => RunningProcess;
  /** Every event of the server, and the launcher's own. */
  readonly onEvent: (event: RunEvent) => void;
  /** One line of a process's log. */
  readonly onLog: (process: string, line: string) => void;
}

/** How a supervised run ended. */
export interface SupervisedEnd {
  /** What went wrong first; absent when nothing did, or when a signal asked for the end. */
  readonly cause?: Cause;
  readonly stopSignal?: ShutdownSignal;
}

/** A run under supervision. */
export interface Supervisor {
  /** Resolves when no process is left. Never rejects. */
  readonly ended: Promise<SupervisedEnd>;
  /** The first call asks the run to end cleanly; a second one, or `atOnce`, kills. */
  stop(signal: ShutdownSignal, atOnce?: boolean): void;
}

/** Starts the processes of `plan` and keeps them as `supervise` decides. */
export function createSupervisor(plan: RunPlan, options: SupervisorOptions): Supervisor {
  const { promise, resolve } = Promise.withResolvers<SupervisedEnd>();
  let state = createSupervision(plan.workers, options.limits);
  const timers = createTimers(options.clock, (timer) => {
    dispatch({ type: 'timer', timer });
  });
  const onEvent = (event: RunEvent): void => {
    options.onEvent(explainEnd(event, state));
  };
  const processes = createProcesses(plan, { ...options, onEvent }, (event) => {
    dispatch(event);
  });

  const dispatch = (event: SupervisionEvent): void => {
    const transition = supervise(state, event);
    state = transition.state;
    for (const effect of transition.effects) perform(effect);
  };

  const perform = (effect: SupervisionEffect): void => {
    switch (effect.type) {
      case 'start':
        processes.start(effect.process, effect.again);
        break;
      case 'signal':
        processes.signal(effect.process, effect.signal);
        break;
      case 'timer':
        timers.set(effect.timer, effect.delayMs);
        break;
      case 'report':
        options.onEvent(effect.event);
        break;
      case 'finish':
        timers.cancelAll();
        resolve(endOf(state));
    }
  };

  dispatch({ type: 'begin' });
  return {
    ended: promise,
    stop: (signal, atOnce = false) => {
      dispatch({ type: 'stop', signal, atOnce });
    },
  };
}

/** A server that we asked to end because a process failed says "interrupted by SIGTERM": we know why. */
function explainEnd(event: RunEvent, { cause, stopSignal }: SupervisionState): RunEvent {
  const isOurs = event.type === 'end' && event.status === 'interrupted';
  if (!isOurs || cause === undefined || stopSignal !== undefined) return event;
  return { ...event, status: 'failed', reason: describeCause(cause) };
}

function endOf({ cause, stopSignal }: SupervisionState): SupervisedEnd {
  return {
    ...(cause === undefined ? {} : { cause }),
    ...(stopSignal === undefined ? {} : { stopSignal }),
  };
}

interface Timers {
  /** Sets a timer anew: one of each name runs at a time. */
  set(timer: SupervisionTimer, delayMs: number): void;
  cancelAll(): void;
}

function createTimers(clock: Clock, onTime: (timer: SupervisionTimer) => void): Timers {
  const cancels = new Map<SupervisionTimer, () => void>();
  return {
    set: (timer, delayMs) => {
      cancels.get(timer)?.();
      cancels.set(
        timer,
        clock.setTimer(delayMs, () => {
          onTime(timer);
        }),
      );
    },
    cancelAll: () => {
      for (const cancel of cancels.values()) cancel();
    },
  };
}

interface Processes {
  start(name: string, again: boolean): void;
  signal(name: string, signal: 'SIGTERM' | 'SIGKILL'): void;
}

/** The processes that run now; what they say and how they end becomes events. */
function createProcesses(
  plan: RunPlan,
  options: SupervisorOptions,
  onEvent: (event: SupervisionEvent) => void,
): Processes {
  const running = new Map<string, RunningProcess>();
  let url = '';

  const takeOutput = (name: string, line: string): boolean => {
    const event = name === serverName ? readEventLine(line) : undefined;
    if (event === undefined) {
      options.onLog(name, line);
      return false;
    }
    options.onEvent(event);
    url = startedUrl(event) ?? url;
    const meaning = meaningOf(event);
    if (meaning !== undefined) onEvent(meaning);
    return true;
  };

  return {
    start: (name, again) => {
      const own = name === serverName ? plan.server : plan.worker(name, url);
      const process = options.start(own, options.clock, {
        onOutput: (line) => takeOutput(name, line),
        onLog: (line) => {
          options.onLog(name, line);
        },
        onExit: (exit) => {
          running.delete(name);
          onEvent({ type: 'exited', process: name, exit });
        },
      });
      running.set(name, process);
      if (again && process.pid !== undefined) {
        options.onEvent({ type: 'worker', event: 'relaunched', worker: name, pid: process.pid });
      }
    },
    signal: (name, signal) => running.get(name)?.kill(signal),
  };
}

/** What an event of the server means for the supervision. */
function meaningOf(event: RunEvent): SupervisionEvent | undefined {
  if (startedUrl(event) !== undefined) return { type: 'listening' };
  if (event.type === 'start') return { type: 'training' };
  return event.type === 'end' ? { type: 'ended' } : undefined;
}

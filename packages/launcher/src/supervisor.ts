import type { RunEvent } from '@paceline/protocol';
import type { Clock, ShutdownSignal } from '@paceline/telemetry';

import type { ProcessPlan, RunPlan } from './plan.ts';
import type { ProcessHandlers, RunningProcess } from './process.ts';
import { readEventLine, startedUrl } from './server-output.ts';
import { createSupervision, serverName } from './supervision-state.ts';
import type {
  Cause,
  SupervisionEffect,
  SupervisionEvent,
  SupervisionLimits,
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
  let url = '';
  const running = new Map<string, RunningProcess>();
  const timers = new Map<string, () => void>();

  const dispatch = (event: SupervisionEvent): void => {
    const transition = supervise(state, event);
    state = transition.state;
    for (const effect of transition.effects) perform(effect);
  };

  const perform = (effect: SupervisionEffect): void => {
    switch (effect.type) {
      case 'start':
        startOne(effect.process, effect.again);
        break;
      case 'signal':
        running.get(effect.process)?.kill(effect.signal);
        break;
      case 'timer':
        timers.get(effect.timer)?.();
        timers.set(
          effect.timer,
          options.clock.setTimer(effect.delayMs, () => {
            dispatch({ type: 'timer', timer: effect.timer });
          }),
        );
        break;
      case 'report':
        options.onEvent(effect.event);
        break;
      case 'finish':
        for (const cancel of timers.values()) cancel();
        resolve({
          ...(state.cause === undefined ? {} : { cause: state.cause }),
          ...(state.stopSignal === undefined ? {} : { stopSignal: state.stopSignal }),
        });
    }
  };

  const startOne = (name: string, again: boolean): void => {
    const process = options.start(
      name === serverName ? plan.server : plan.worker(name, url),
      options.clock,
      {
        onOutput: (line) => takeOutput(name, line),
        onLog: (line) => {
          options.onLog(name, line);
        },
        onExit: (exit) => {
          running.delete(name);
          dispatch({ type: 'exited', process: name, exit });
        },
      },
    );
    running.set(name, process);
    if (again && process.pid !== undefined) {
      options.onEvent({ type: 'worker', event: 'relaunched', worker: name, pid: process.pid });
    }
  };

  const takeOutput = (name: string, line: string): boolean => {
    const event = name === serverName ? readEventLine(line) : undefined;
    if (event === undefined) {
      options.onLog(name, line);
      return false;
    }
    options.onEvent(event);
    const said = startedUrl(event);
    if (said !== undefined) {
      url = said;
      dispatch({ type: 'listening' });
    }
    if (event.type === 'start') dispatch({ type: 'training' });
    if (event.type === 'end') dispatch({ type: 'ended' });
    return true;
  };

  dispatch({ type: 'begin' });
  return {
    ended: promise,
    stop: (signal, atOnce = false) => {
      dispatch({ type: 'stop', signal, atOnce });
    },
  };
}

import type { RunEvent } from '@paceline/protocol';
import type { Clock, ShutdownSignal } from '@paceline/telemetry';

import type { RunPlan } from './plan.ts';
import { createRunProcesses } from './run-processes.ts';
import type { RunProcessesOptions } from './run-processes.ts';
import type {
  SupervisionEffect,
  SupervisionEvent,
  SupervisionTimer,
} from './supervision/events.ts';
import { createSupervision, describeCause } from './supervision/state.ts';
import type { Cause, SupervisionLimits, SupervisionState } from './supervision/state.ts';
import { supervise } from './supervision/supervise.ts';

export interface SupervisorOptions extends Omit<RunProcessesOptions, 'onSupervision'> {
  readonly limits: SupervisionLimits;
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
  const processes = createRunProcesses(plan, {
    ...options,
    onEvent: (event) => {
      options.onEvent(explainEnd(event, state));
    },
    onSupervision: (event) => {
      dispatch(event);
    },
  });

  const dispatch = (event: SupervisionEvent): void => {
    const transition = supervise(state, event, options.clock.now());
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

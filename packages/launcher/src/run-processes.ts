import type { RunEvent } from '@paceline/protocol';
import type { Clock } from '@paceline/telemetry';

import type { ProcessPlan, RunPlan } from './plan.ts';
import type { ProcessHandlers, RunningProcess } from './process/process.ts';
import { readEventLine, startedAddress } from './server-output.ts';
import type { SupervisionEvent } from './supervision/events.ts';
import { serverName } from './supervision/state.ts';

/** The processes of a run that live now. */
export interface RunProcesses {
  /** `again`: it has lived before. */
  start(name: string, again: boolean): void;
  /** Does nothing when there is no such process. */
  signal(name: string, signal: 'SIGTERM' | 'SIGKILL'): void;
}

export interface RunProcessesOptions {
  readonly clock: Clock;
  readonly start: (plan: ProcessPlan, clock: Clock, handlers: ProcessHandlers) => RunningProcess;
  /** Every event of the server, and that a process lives again. */
  readonly onEvent: (event: RunEvent) => void;
  /** One line of a process's log. */
  readonly onLog: (process: string, line: string) => void;
  /** What a line or the end of a process means for the supervision. */
  readonly onSupervision: (event: SupervisionEvent) => void;
}

/** Creates the set of processes of a plan; none is started. */
export function createRunProcesses(plan: RunPlan, options: RunProcessesOptions): RunProcesses {
  const running = new Map<string, RunningProcess>();
  let address: string | undefined;
  let hasBegun = false;

  const takeOutput = (name: string, line: string): boolean => {
    const event = name === serverName ? readEventLine(line) : undefined;
    if (event === undefined) {
      options.onLog(name, line);
      return false;
    }
    options.onEvent(event);
    address = startedAddress(event) ?? address;
    hasBegun ||= event.type === 'start';
    const meaning = meaningOf(event);
    if (meaning !== undefined) options.onSupervision(meaning);
    return true;
  };

  return {
    start: (name, again) => {
      const before = again && address !== undefined ? { address, hasBegun } : undefined;
      const own = name === serverName ? plan.server(before) : plan.worker(name);
      const process = options.start(own, options.clock, {
        onOutput: (line) => takeOutput(name, line),
        onLog: (line) => {
          options.onLog(name, line);
        },
        onExit: (exit) => {
          running.delete(name);
          options.onSupervision({ type: 'exited', process: name, exit });
        },
      });
      running.set(name, process);
      if (again && process.pid !== undefined) options.onEvent(livesAgain(name, process.pid));
    },
    signal: (name, signal) => running.get(name)?.kill(signal),
  };
}

function livesAgain(name: string, pid: number): RunEvent {
  return name === serverName
    ? { type: 'server', event: 'restarted', shard: 0, pid }
    : { type: 'worker', event: 'relaunched', worker: name, pid };
}

/** What an event of the server means for the supervision. */
function meaningOf(event: RunEvent): SupervisionEvent | undefined {
  if (startedAddress(event) !== undefined) return { type: 'listening' };
  if (event.type === 'start') return { type: 'training' };
  if (event.type === 'scale') return { type: 'scale', workers: event.workers };
  return event.type === 'end' ? { type: 'ended' } : undefined;
}

import type { RunEvent } from '@paceline/protocol';

import type { EventOf, PacelineProcess } from './paceline.ts';

const deadlineMs = 60_000;

/** The process that a run's events name: `server`, or a worker by its name. The newest one of that name. */
export function pidOf(events: readonly RunEvent[], name: string): number {
  const pid = events.findLast(
    (event) =>
      (event.type === 'worker' && event.worker === name && event.event !== 'left') ||
      (event.type === 'server' && name === 'server' && event.event !== 'crashed'),
  );
  if (pid === undefined || !('pid' in pid)) throw new Error(`no process of ${name} was announced`);
  return pid.pid;
}

/** What was done to a run, when (milliseconds of `performance.now()`), and to which process. */
export interface Injected {
  readonly atMs: number;
  readonly pid: number;
}

/**
 * Sends a signal to a process of a run once a step is done.
 *
 * @throws Error when the process is not there any more: a fault that did not fire proves nothing
 */
export async function signalAt(
  running: PacelineProcess,
  step: number,
  o: { readonly name: string; readonly signal: NodeJS.Signals },
): Promise<Injected> {
  await running.event('step', (event) => event.step >= step);
  const pid = pidOf(running.events, o.name);
  process.kill(pid, o.signal);
  return { atMs: performance.now(), pid };
}

/** The first event of that type that `is` accepts and that comes after this call: those that came before do not count. */
export function nextEvent<T extends RunEvent['type']>(
  running: PacelineProcess,
  type: T,
  is: (event: EventOf<T>) => boolean = () => true,
): Promise<EventOf<T>> {
  const before = new Set<RunEvent>(running.events);
  return running.event(type, (event) => !before.has(event) && is(event), deadlineMs);
}

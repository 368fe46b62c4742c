import type { RunEvent } from '@paceline/protocol';

import { within } from './deadline.ts';
import type { PacelineProcess } from './paceline.ts';

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

/** The first event of a kind that comes after this call: those that came before do not count. */
export async function nextEvent(
  running: PacelineProcess,
  is: (event: RunEvent) => boolean,
  deadlineMs = 60_000,
): Promise<RunEvent> {
  const before = running.events.length;
  const found = (): RunEvent | undefined => running.events.slice(before).find(is);
  const waiting = (async () => {
    for (;;) {
      const event = found();
      if (event !== undefined) return event;
      await new Promise((resolve) => setTimeout(resolve, 10));
    }
  })();
  return within(waiting, deadlineMs, () => `an event; last: ${running.lines.at(-1) ?? 'none'}`);
}

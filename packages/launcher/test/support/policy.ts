import type { ProcessExit } from '../../src/process/exit.ts';
import type { SupervisionEffect, SupervisionEvent } from '../../src/supervision/events.ts';
import { createSupervision } from '../../src/supervision/state.ts';
import type { SupervisionState } from '../../src/supervision/state.ts';
import { supervise } from '../../src/supervision/supervise.ts';

/** Limits with which a run under test is supervised. */
export const limits = {
  maxRestarts: 2,
  startMs: 60_000,
  leaveMs: 5000,
  stopMs: 1700,
  killMs: 800,
};

/** What happened, and at which second of the run; at 0 without one. */
export type Happening = SupervisionEvent | readonly [seconds: number, SupervisionEvent];

/** Runs events through the policy, for workers w1 and w2; the effects of the last one come as short words. */
export function after(...happened: readonly Happening[]): {
  readonly state: SupervisionState;
  readonly effects: readonly string[];
} {
  let state = createSupervision(['w1', 'w2'], limits);
  let effects: readonly string[] = [];
  for (const each of happened) {
    const [seconds, event] = 'type' in each ? [0, each] : each;
    const transition = supervise(state, event, seconds * 1000);
    state = transition.state;
    effects = transition.effects.map(words);
  }
  return { state, effects };
}

/** Where each process stands, for example `{ server: 'running', w1: 'gone' }`. */
export function phases({ processes }: SupervisionState): Readonly<Record<string, string>> {
  return Object.fromEntries(Object.entries(processes).map(([name, { phase }]) => [name, phase]));
}

/** A process ended: by a code, or by a signal. */
export function exited(
  process: string,
  how: number | string,
  line = 'last words',
): SupervisionEvent {
  const exit: ProcessExit = {
    pid: 7,
    code: typeof how === 'number' ? how : null,
    signal: typeof how === 'number' ? null : how,
    lastLines: [line],
  };
  return { type: 'exited', process, exit };
}

/** The time for a crashed process to be started again has come. */
export function restartOf(process: string): SupervisionEvent {
  return { type: 'timer', timer: `restart:${process}` };
}

export const begin: SupervisionEvent = { type: 'begin' };
export const begun: readonly SupervisionEvent[] = [begin, { type: 'listening' }];
export const training: readonly SupervisionEvent[] = [...begun, { type: 'training' }];
export const sigint: SupervisionEvent = { type: 'stop', signal: 'SIGINT', atOnce: false };

function words(effect: SupervisionEffect): string {
  switch (effect.type) {
    case 'start':
      return `start ${effect.process}${effect.again ? ' again' : ''}`;
    case 'signal':
      return `${effect.signal} ${effect.process}`;
    case 'timer':
      return `in ${effect.delayMs}: ${effect.timer}`;
    case 'report':
      return reportWords(effect.event);
    case 'finish':
      return 'finish';
  }
}

function reportWords(event: Extract<SupervisionEffect, { type: 'report' }>['event']): string {
  if (event.type === 'fault') return event.detail;
  return event.type === 'server' ? `server ${event.event}: ${event.reason ?? ''}` : event.type;
}

import { timer } from './events.ts';
import type { SupervisionEffect, Transition } from './events.ts';
import { serverName, withProcess } from './state.ts';
import type { SupervisionState } from './state.ts';

/** Starts processes, for the first time or again. A server then has a while to say its address. */
export function startProcesses(
  state: SupervisionState,
  names: readonly string[],
  { nowMs, again }: { readonly nowMs: number; readonly again: boolean },
): Transition {
  const started = names.reduce(
    (next, name) => withProcess(next, name, { phase: 'running', startedMs: nowMs }),
    state,
  );
  const effects = names.flatMap((name): readonly SupervisionEffect[] => [
    { type: 'start', process: name, again },
    ...(name === serverName ? [timer('start', state.limits.startMs)] : []),
  ]);
  return { state: started, effects };
}

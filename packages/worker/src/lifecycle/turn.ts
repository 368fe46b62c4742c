import type { WorkerEffect } from './effects.ts';
import type { WorkerPhase, WorkerState } from './state.ts';

/** One decision in the making: the state so far, and the effects in their order. Lives for one transition. */
export interface Turn {
  state: WorkerState;
  readonly nowMs: number;
  readonly effects: WorkerEffect[];
}

/** Changes parts of the state. */
export function change(turn: Turn, parts: Partial<WorkerState>): void {
  turn.state = { ...turn.state, ...parts };
}

/** Changes the phase and remembers since when. */
export function enter(turn: Turn, phase: WorkerPhase): void {
  change(turn, { phase, phaseSinceMs: turn.nowMs });
}

/** Adds effects. */
export function act(turn: Turn, ...effects: readonly WorkerEffect[]): void {
  turn.effects.push(...effects);
}

/** Ends the worker: the first reason wins. */
export function exit(turn: Turn, code: number, message: string): void {
  if (turn.state.phase === 'over') return;
  change(turn, { exit: { code, message } });
  enter(turn, 'over');
  act(turn, { kind: 'exit', code, message });
}

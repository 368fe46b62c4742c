import type { ControlMessage, RunEvent } from '@paceline/protocol';
import type { Member } from '../membership/members.ts';
import { withMember } from '../membership/members.ts';
import type { RunEffect } from './effects.ts';
import type { RunPhase, RunState } from './state.ts';

/**
 * One decision in the making: the state so far, and the effects in the order in which they must happen.
 * It lives for one transition only, so that the functions of a decision can follow each other like sentences.
 */
export interface Turn {
  state: RunState;
  readonly nowMs: number;
  readonly effects: RunEffect[];
}

/** Changes parts of the state. */
export function change(turn: Turn, parts: Partial<RunState>): void {
  turn.state = { ...turn.state, ...parts };
}

/** Changes the phase and remembers since when. */
export function enter(turn: Turn, phase: RunPhase): void {
  if (turn.state.phase !== phase) change(turn, { phase, phaseSinceMs: turn.nowMs });
}

/** Changes one member. */
export function changeMember(turn: Turn, member: Member, parts: Partial<Member>): Member {
  const changed = { ...member, ...parts };
  change(turn, { members: withMember(turn.state.members, changed) });
  return changed;
}

/** Adds an effect. */
export function act(turn: Turn, ...effects: readonly RunEffect[]): void {
  turn.effects.push(...effects);
}

/** Sends a control message to one worker. */
export function send(turn: Turn, to: number, message: ControlMessage): void {
  act(turn, { kind: 'send', to, message });
}

/** Tells the outside world. */
export function emit(turn: Turn, event: RunEvent): void {
  act(turn, { kind: 'emit', event });
}

/** Writes a line to the log. */
export function log(turn: Turn, level: 'info' | 'warn', text: string): void {
  act(turn, { kind: 'log', level, text });
}

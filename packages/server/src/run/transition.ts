import type { RunEffect } from './effects.ts';
import { stop } from './ending.ts';
import type { RunInput } from './inputs.ts';
import {
  receiveConnection,
  receiveHello,
  receiveInitial,
  receiveInitialized,
  receiveLayout,
} from './joining.ts';
import {
  receiveClosed,
  receiveFault,
  receiveGoodbye,
  receiveSilence,
  receiveViolation,
} from './leaving.ts';
import { resume } from './planning.ts';
import type { RunState } from './state.ts';
import { receiveRoot, receiveSum } from './stepping.ts';
import { tick } from './ticking.ts';
import type { Turn } from './turn.ts';
import { changeMember } from './turn.ts';

/** What a run decides: the next state, and what is to be done, in order. */
export interface Decision {
  readonly state: RunState;
  readonly effects: readonly RunEffect[];
}

/**
 * The server's only decision function: pure, without clock, sockets or numbers. Everything that a parameter server
 * does follows from the sequence of its inputs, so that a run can be replayed and simulated.
 */
export function transition(state: RunState, input: RunInput, nowMs: number): Decision {
  const turn: Turn = { state, nowMs, effects: [] };
  decide(turn, input);
  return { state: turn.state, effects: turn.effects };
}

function decide(turn: Turn, input: RunInput): void {
  switch (input.kind) {
    case 'connected':
      return receiveConnection(turn, input.connection);
    case 'hello':
      return receiveHello(turn, input.connection, input);
    case 'layout':
      return receiveLayout(turn, input.connection, input.layout);
    case 'initial':
      return receiveInitial(turn, input.connection, input);
    case 'initialized':
      return receiveInitialized(turn, input.digest);
    case 'node':
      return receiveSum(turn, input.connection, input);
    case 'root':
      return receiveRoot(turn, input);
    case 'heartbeat':
      return receiveHeartbeat(turn, input.connection, input.phase);
    case 'tick':
      return tick(turn);
    case 'resume':
      return resume(turn);
    case 'stop':
      return stop(turn, input.reason);
    default:
      return decideDeparture(turn, input);
  }
}

type Departure = Extract<
  RunInput,
  { kind: 'fault' | 'goodbye' | 'closed' | 'violation' | 'silent' }
>;

function decideDeparture(turn: Turn, input: Departure): void {
  switch (input.kind) {
    case 'fault':
      return receiveFault(turn, input.connection, input.message);
    case 'goodbye':
      return receiveGoodbye(turn, input.connection, input.reason);
    case 'closed':
      return receiveClosed(turn, input.connection, input.reason);
    case 'violation':
      return receiveViolation(turn, input.connection, input.reason);
    case 'silent':
      return receiveSilence(turn, input.connection, input.silentMs);
  }
}

function receiveHeartbeat(turn: Turn, connection: number, phase: string): void {
  const member = turn.state.members.get(connection);
  if (member !== undefined && member.phase !== phase) changeMember(turn, member, { phase });
}

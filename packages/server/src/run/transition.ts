import { receiveCheckpointed, receiveCheckpointFailed } from './checkpointing.ts';
import { save, scale } from './controls.ts';
import type { RunEffect } from './effects.ts';
import { stop } from './ending.ts';
import type { RunInput } from './inputs.ts';
import {
  advance,
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
  receiveRevoked,
  receiveViolation,
} from './leaving.ts';
import { pause, resume } from './planning.ts';
import { admit } from './presence.ts';
import { receiveRestored } from './restoring.ts';
import type { RunState } from './state.ts';
import { receivePrepared, receiveRoot, receiveSum, receiveSuspect } from './stepping.ts';
import { tick } from './ticking.ts';
import type { Turn } from './turn.ts';
import { changeMember, log } from './turn.ts';

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
    case 'suspect':
      return receiveSuspect(turn, input);
    case 'prepared':
      return receivePrepared(turn, input.gradientNorm);
    case 'heartbeat':
      return receiveHeartbeat(turn, input);
    case 'backlog':
      return receiveBacklog(turn, input.connection, input.isBehind);
    case 'tick':
      return tick(turn, input.signs);
    default:
      return decideRare(turn, input);
  }
}

type Rare = Exclude<RunInput, { kind: Frequent }>;
type Frequent =
  | 'connected'
  | 'hello'
  | 'layout'
  | 'initial'
  | 'initialized'
  | 'node'
  | 'root'
  | 'suspect'
  | 'prepared'
  | 'heartbeat'
  | 'backlog'
  | 'tick';

/** What the disk and the operator say. */
function decideRare(turn: Turn, input: Rare): void {
  switch (input.kind) {
    case 'checkpointed':
      receiveCheckpointed(turn, input);
      return advance(turn);
    case 'checkpoint-failed':
      receiveCheckpointFailed(turn, input);
      return advance(turn);
    case 'restored':
      return receiveRestored(turn);
    case 'pause':
      return pause(turn);
    case 'resume':
      return resume(turn);
    case 'save':
      return save(turn);
    case 'scale':
      return scale(turn, input.workers);
    case 'stop':
      return stop(turn, input);
    default:
      return decideDeparture(turn, input);
  }
}

type Departure = Extract<
  RunInput,
  { kind: 'fault' | 'goodbye' | 'closed' | 'violation' | 'revoked' }
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
    case 'revoked':
      return receiveRevoked(turn, input.connection);
  }
}

function receiveHeartbeat(turn: Turn, input: Extract<RunInput, { kind: 'heartbeat' }>): void {
  const member = turn.state.members.get(input.connection);
  if (member === undefined) return;
  const { phase, busyMs, leafMicros = member.leafMicros } = input;
  const busyUntilMs = busyMs === undefined ? undefined : turn.nowMs + busyMs;
  changeMember(turn, member, { phase, busyUntilMs, leafMicros });
}

/** A worker whose socket does not drain gets nothing more, and a snapshot once it has. */
function receiveBacklog(turn: Turn, connection: number, isBehind: boolean): void {
  const member = turn.state.members.get(connection);
  if (member?.stage !== 'active' || member.isBehind === isBehind) return;
  if (isBehind) {
    changeMember(turn, member, { isBehind });
    return log(
      turn,
      'warn',
      `${member.name} does not keep up: it gets a snapshot when its socket is empty`,
    );
  }
  admit(turn, member);
}

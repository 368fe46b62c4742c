import type { LeaseRange } from '../leases/apportion.ts';
import type { Pulse } from './suspicion.ts';

/**
 * Where a worker stands:
 * `preparing` builds its model, `ready` was found equal to the run and waits for parameters,
 * `active` has been sent the parameters and is in every plan.
 */
export type MemberStage = 'preparing' | 'ready' | 'active';

/** One connected worker that said hello. */
export interface Member {
  /** The connection's id; a worker that reconnects comes back under another. */
  readonly id: number;
  readonly session: string;
  readonly name: string;
  readonly pid: number;
  readonly stage: MemberStage;
  /** When it entered its stage. */
  readonly sinceMs: number;
  /** Its place in the order of leases; kept across reconnects, so that leases stay sticky. */
  readonly order: number;
  /** Its standing lease; undefined before the first. */
  readonly lease: LeaseRange | undefined;
  /** It was told not to begin this step until a lease says so. */
  readonly pausedAt: number | undefined;
  /** What it last said it was doing. */
  readonly phase: string;
  /** Its signs of life. */
  readonly pulse: Pulse;
  /** Its own measurement of one microbatch in microseconds; undefined before the first. */
  readonly leafMicros: number | undefined;
  /** When it expects to be done with what it has in hand, by the server's clock; undefined when it is idle. */
  readonly busyUntilMs: number | undefined;
  /** The first step of its standing lease. */
  readonly leasedFrom: number;
  /** Its socket does not drain: it gets nothing until it has, and then a snapshot instead of what it missed. */
  readonly isBehind: boolean;
  /** The version of which it has the averaged parameters; undefined before the first. */
  readonly averagedAt: number | undefined;
  /** It was asked to leave. */
  readonly isLeaving: boolean;
}

/** All members by connection id. */
export type Members = ReadonlyMap<number, Member>;

/** The members with that member added or replaced. */
export function withMember(members: Members, member: Member): Members {
  return new Map(members).set(member.id, member);
}

/** The members without that one. */
export function withoutMember(members: Members, id: number): Members {
  const left = new Map(members);
  left.delete(id);
  return left;
}

/** Those in a stage, in the order of their leases. */
export function membersIn(members: Members, ...stages: readonly MemberStage[]): readonly Member[] {
  return [...members.values()]
    .filter((member) => stages.includes(member.stage))
    .sort((a, b) => a.order - b.order);
}

/** Those that work: they have the parameters, their sockets drain, and nobody asked them to leave. In lease order. */
export function workersOf(members: Members): readonly Member[] {
  return membersIn(members, 'active').filter(({ isBehind, isLeaving }) => !isBehind && !isLeaving);
}

/** The member with that name, whatever its stage. */
export function memberNamed(members: Members, name: string): Member | undefined {
  return [...members.values()].find((member) => member.name === name);
}

import type { MessageOf } from '@paceline/protocol';
import { protocolVersion } from '@paceline/protocol';
import type { Member } from '../membership/members.ts';
import { memberNamed, membersIn, withMember } from '../membership/members.ts';
import { describeLayoutDifference } from '../membership/compare-layouts.ts';
import { quarantineReason } from '../membership/strikes.ts';
import { beginPulse } from '../membership/suspicion.ts';
import { beginCheckpoint, isFirstCheckpointUnderWay } from './checkpointing.ts';
import { letSurplusGo } from './controls.ts';
import { closeWhenSaved, dismiss, failForJob } from './ending.ts';
import { jobProblem } from './job-problem.ts';
import { admit, leave } from './presence.ts';
import { planVersion } from './planning.ts';
import { shapeOfRun } from './shape.ts';
import type { RunState } from './state.ts';
import type { Turn } from './turn.ts';
import { act, change, changeMember, emit, enter, log, send } from './turn.ts';

/** A connection came up; it has until the hello deadline to say who it is. */
export function receiveConnection(turn: Turn, connection: number): void {
  change(turn, { strangers: new Map(turn.state.strangers).set(connection, turn.nowMs) });
}

/** A worker says who it is: it is welcomed, or told why not. */
export function receiveHello(
  turn: Turn,
  connection: number,
  o: { readonly hello: MessageOf<'hello'>; readonly freshSession: string },
): void {
  const { hello } = o;
  if (turn.state.members.has(connection)) return refuse(turn, connection, 'said hello twice');
  forgetStranger(turn, connection);
  if (hello.protocol !== protocolVersion) {
    const words = `this server speaks protocol ${String(protocolVersion)}, the worker ${String(hello.protocol)}: use the same release of paceline on both sides`;
    return act(turn, { kind: 'close', to: connection, because: 'version-skew', reason: words });
  }
  if (turn.state.phase === 'over') return dismiss(turn, connection);
  const quarantine = quarantineReason(turn.state.strikes, hello.name);
  if (quarantine !== undefined) {
    return act(turn, { kind: 'close', to: connection, because: 'quarantined', reason: quarantine });
  }
  const known = hello.session !== undefined && turn.state.orders.has(hello.session);
  fencePredecessor(turn, hello.name);
  if (turn.state.members.size >= turn.state.config.maxWorkers) {
    const words = `the run takes ${String(turn.state.config.maxWorkers)} workers (--max-workers) and has them`;
    return act(turn, { kind: 'close', to: connection, because: 'refused', reason: words });
  }
  const session = known ? hello.session : o.freshSession;
  enroll(turn, connection, { session, hello });
  letSurplusGo(turn);
}

/** A worker says what it would train: the first says it for the run, the others must say the same. */
export function receiveLayout(turn: Turn, connection: number, layout: MessageOf<'layout'>): void {
  const member = turn.state.members.get(connection);
  if (member?.stage !== 'preparing') return refuse(turn, connection, 'sent a layout out of turn');
  const { shape, config } = turn.state;
  if (shape === undefined) {
    // Every worker would find the same: it is no fault of this one.
    const problem = jobProblem(layout, config);
    if (problem !== undefined) return failForJob(turn, problem);
    adoptLayout(turn, layout);
  } else {
    const bitwise = config.settings.reproducibility === 'bitwise';
    const difference = describeLayoutDifference(shape.layout, layout, { bitwise });
    if (difference !== undefined) return refuse(turn, connection, difference);
  }
  changeMember(turn, member, { stage: 'ready', sinceMs: turn.nowMs });
  advance(turn);
}

/** A bucket of the initial weights, from the worker that was asked for them. */
export function receiveInitial(
  turn: Turn,
  connection: number,
  o: { readonly bucket: number; readonly payload: Uint8Array },
): void {
  const { upload, shape } = turn.state;
  if (upload?.from !== connection || shape === undefined) return; // asked somebody else meanwhile
  if (!shape.parameterBuckets.includes(o.bucket)) {
    return refuse(
      turn,
      connection,
      `sent initial weights for bucket ${String(o.bucket)}, which has none`,
    );
  }
  const received = new Set(upload.received).add(o.bucket);
  change(turn, { upload: { ...upload, received } });
  act(turn, { kind: 'store-initial', bucket: o.bucket, payload: o.payload });
  if (received.size === shape.parameterBuckets.length) act(turn, { kind: 'seal-initial' });
}

/** All initial weights are here: they must be what the run's layout said they are. */
export function receiveInitialized(turn: Turn, digest: string): void {
  const { upload, shape } = turn.state;
  if (upload === undefined || shape === undefined) return;
  change(turn, { upload: undefined });
  if (digest !== shape.layout.initialDigest) {
    refuse(turn, upload.from, 'uploaded other initial weights than its layout announced');
    return;
  }
  change(turn, { sealed: true });
  act(turn, { kind: 'begin' });
  beginCheckpoint(turn);
  advance(turn);
}

/**
 * Whatever the run can do next with the workers it has: ask for the initial weights, begin, or take newcomers in.
 * Called after every change of membership, so that no wait outlives its reason.
 */
export function advance(turn: Turn): void {
  const ready = membersIn(turn.state.members, 'ready');
  if (turn.state.phase === 'over') return closeWhenSaved(turn);
  if (turn.state.shape === undefined) return;
  if (!turn.state.sealed) {
    const first = ready[0];
    if (turn.state.upload === undefined && first !== undefined) askForInitial(turn, first);
    return;
  }
  if (isFirstCheckpointUnderWay(turn.state)) return;
  if (turn.state.phase === 'initial' || turn.state.phase === 'forming') {
    if (ready.length < neededWorkers(turn.state)) return enter(turn, 'forming');
    for (const member of ready) admit(turn, member);
    return planVersion(turn);
  }
  for (const member of ready) admit(turn, member);
}

/** So many begin; fewer if the operator wants fewer. */
function neededWorkers({ config, wantedWorkers = Infinity }: RunState): number {
  return Math.max(1, Math.min(config.minWorkers, wantedWorkers));
}

/** Tells a worker why it cannot take part, and lets it go. */
function refuse(turn: Turn, connection: number, message: string): void {
  send(turn, connection, { kind: 'refuse', code: 'refused', message });
  act(turn, { kind: 'close', to: connection, because: 'refused', reason: message });
  leave(turn, connection, `refused: ${message}`);
  advance(turn);
}

function enroll(
  turn: Turn,
  connection: number,
  o: { readonly session: string; readonly hello: MessageOf<'hello'> },
): void {
  const { orders } = turn.state;
  const order = orders.get(o.session) ?? Math.max(-1, ...orders.values()) + 1;
  const member: Member = {
    id: connection,
    session: o.session,
    name: o.hello.name,
    pid: o.hello.pid,
    stage: 'preparing',
    sinceMs: turn.nowMs,
    order,
    lease: undefined,
    pausedAt: undefined,
    phase: 'preparing',
    pulse: beginPulse(turn.nowMs, turn.state.config.deadlines),
    leafMicros: undefined,
    busyUntilMs: undefined,
    leasedFrom: turn.state.version,
    isBehind: false,
    averagedAt: undefined,
    isLeaving: false,
  };
  change(turn, {
    members: withMember(turn.state.members, member),
    orders: new Map(orders).set(o.session, order),
  });
  act(turn, { kind: 'welcome', to: connection, session: o.session, name: member.name });
  emit(turn, { type: 'worker', event: 'joined', worker: member.name, pid: member.pid });
}

function adoptLayout(turn: Turn, layout: MessageOf<'layout'>): void {
  const shape = shapeOfRun(layout, turn.state.config.settings);
  change(turn, { shape, plannedSteps: shape.totalSteps });
  for (const detail of layout.notices ?? []) emit(turn, { type: 'notice', detail });
  act(turn, { kind: 'allocate', shape });
}

function askForInitial(turn: Turn, member: Member): void {
  change(turn, { upload: { from: member.id, sinceMs: turn.nowMs, received: new Set() } });
  enter(turn, 'initial');
  send(turn, member.id, { kind: 'upload' });
  log(turn, 'info', `asked ${member.name} for the initial weights`);
}

/** The newest connection of a name wins: the older one may be half dead without knowing it. */
function fencePredecessor(turn: Turn, name: string): void {
  const older = memberNamed(turn.state.members, name);
  if (older === undefined) return;
  const reason = `another worker named ${name} has connected`;
  act(turn, { kind: 'close', to: older.id, because: 'fenced', reason });
  leave(turn, older.id, reason);
}

function forgetStranger(turn: Turn, connection: number): void {
  const strangers = new Map(turn.state.strangers);
  strangers.delete(connection);
  change(turn, { strangers });
}

import { exitCodes, jobHash } from '@paceline/protocol';
import type { WorkerEffect } from './effects.ts';
import type { ServerControl, WorkerInput } from './inputs.ts';
import {
  checkGreeting,
  receiveConnected,
  receiveDisconnected,
  receiveUnreachable,
} from './connecting.ts';
import type { WorkerState, WorkShape } from './state.ts';
import { addTask, dropTasks, isIdle, replaceTask, work } from './tasks.ts';
import type { Turn } from './turn.ts';
import { act, change, enter, exit } from './turn.ts';

/** So many measurements of a microbatch are kept: their median forgives what else the machine does for a moment. */
const mostRecent = 15;

/** What a worker decides: the next state, and what is to be done, in order. */
export interface Decision {
  readonly state: WorkerState;
  readonly effects: readonly WorkerEffect[];
}

/** The worker's only decision function: pure, without clock, sockets, threads or tensors. */
export function transition(state: WorkerState, input: WorkerInput, nowMs: number): Decision {
  const turn: Turn = { state, nowMs, effects: [] };
  if (state.phase !== 'over') {
    decide(turn, input);
    leaveWhenDone(turn);
  }
  return { state: turn.state, effects: turn.effects };
}

function decide(turn: Turn, input: WorkerInput): void {
  switch (input.kind) {
    case 'connected':
      return receiveConnected(turn);
    case 'unreachable':
      return receiveUnreachable(turn, input.reason, input.isFinal);
    case 'disconnected':
      return receiveDisconnected(turn, input.code, input.reason);
    case 'message':
      return receiveMessage(turn, input.message);
    case 'prepared':
      return receivePrepared(turn, input.shape);
    case 'failed':
      return receiveFailure(turn, input.code, input.message);
    case 'received':
      return receiveBucket(turn, input.bucket, input.version);
    case 'averaged':
      return receiveAverage(turn, input.bucket, input.version);
    case 'computed':
      return receiveComputed(turn, input.task, input.micros);
    case 'unsent':
      return change(turn, { unsent: input.frames });
    case 'leave':
      return beginLeaving(turn, input.reason);
    case 'tick':
      return checkGreeting(turn);
  }
}

function receiveMessage(turn: Turn, message: ServerControl): void {
  switch (message.kind) {
    case 'welcome':
      return receiveWelcome(turn, message);
    case 'upload':
      return act(turn, { kind: 'send-initial' });
    case 'lease': {
      const { fromStep, first, end } = message;
      change(turn, { lease: { fromStep, first, end }, pausedAt: undefined });
      return work(turn);
    }
    case 'assign':
      addTask(turn, {
        kind: 'step',
        version: message.step,
        first: message.first,
        end: message.end,
      });
      return work(turn);
    case 'evaluate':
      addTask(turn, { ...rangeOf(message), kind: 'evaluation', version: message.version });
      return work(turn);
    case 'pause':
      return change(turn, { pausedAt: message.step });
    case 'stop':
      return beginLeaving(turn, message.reason);
    case 'refuse':
      return exit(turn, exitCodes.usage, `the server refused this worker: ${message.message}`);
    case 'finished':
      return receiveFinished(turn, message.status, message.steps);
  }
}

function receiveWelcome(
  turn: Turn,
  welcome: Extract<ServerControl, { readonly kind: 'welcome' }>,
): void {
  const before = turn.state.facts;
  const jobKey = `${jobHash(welcome.settings)} ${String(welcome.bucketBytes)}`;
  change(turn, { facts: { run: welcome.run, session: welcome.session, jobKey } });
  if (before === undefined) {
    enter(turn, 'preparing');
    return act(turn, { kind: 'prepare', welcome });
  }
  if (before.jobKey !== jobKey) {
    return exit(turn, exitCodes.failed, 'the server came back with other settings of the job');
  }
  if (turn.state.shape === undefined) return enter(turn, 'preparing'); // still building
  enter(turn, 'working');
  act(turn, { kind: 'send-layout' });
}

function receivePrepared(turn: Turn, shape: WorkShape): void {
  change(turn, { shape });
  if (turn.state.phase !== 'preparing') return; // disconnected meanwhile: the layout follows the next welcome
  enter(turn, 'working');
  act(turn, { kind: 'send-layout' });
}

function receiveFailure(turn: Turn, code: number, message: string): void {
  act(turn, { kind: 'fault', message });
  exit(turn, code, message);
}

/**
 * A version is here when every bucket is at exactly that version: one that is ahead already has lost the numbers of
 * the version before. Older work is then pointless.
 */
function receiveBucket(turn: Turn, bucket: number, version: number): void {
  const { shape } = turn.state;
  const versions = new Map(turn.state.versions).set(bucket, version);
  change(turn, { versions });
  if (shape === undefined || versions.size < shape.parameterBuckets.length) return;
  const complete = commonVersion(versions, shape.versionedBuckets);
  if (complete === undefined || complete <= (turn.state.version ?? -1)) return;
  change(turn, { version: complete });
  dropTasks(turn, (task) => task.version < complete);
  work(turn);
}

function receiveAverage(turn: Turn, bucket: number, version: number): void {
  const averages = new Map(turn.state.averages).set(bucket, version);
  const averageVersion = commonVersion(averages, turn.state.shape?.averagedBuckets ?? []);
  change(turn, { averages, averageVersion });
  work(turn);
}

function commonVersion(
  versions: ReadonlyMap<number, number>,
  buckets: readonly number[],
): number | undefined {
  const first = versions.get(buckets[0] ?? -1);
  return buckets.every((bucket) => versions.get(bucket) === first) ? first : undefined;
}

function receiveComputed(turn: Turn, id: number, micros: number | undefined): void {
  const task = turn.state.tasks.find((each) => each.id === id);
  const recentMicros = [...turn.state.recentMicros, ...(micros === undefined ? [] : [micros])];
  const inHand = Math.max(0, turn.state.inHand - 1);
  change(turn, {
    inHand,
    owedSinceMs: turn.nowMs,
    recentMicros: recentMicros.slice(-mostRecent),
  });
  if (task !== undefined) {
    const computed = { ...task, computed: task.computed + 1 };
    change(turn, { tasks: replaceTask(turn.state.tasks, computed) });
  }
  work(turn);
}

function beginLeaving(turn: Turn, reason: string): void {
  if (turn.state.leaving !== undefined) return;
  change(turn, { leaving: { reason, sinceMs: turn.nowMs } });
}

/** A worker that leaves finishes and sends what it took on, within its grace period; then it says goodbye. */
function leaveWhenDone(turn: Turn): void {
  const { leaving, limits, phase, unsent, inHand } = turn.state;
  if (leaving === undefined || phase === 'over') return;
  const isDone = isIdle(turn.state) && unsent === 0 && inHand === 0;
  const isOutOfGrace = turn.nowMs - leaving.sinceMs >= limits.graceMs;
  if (!isDone && !isOutOfGrace) return;
  act(turn, { kind: 'goodbye', reason: leaving.reason });
  exit(turn, exitCodes.finished, leaving.reason);
}

function receiveFinished(turn: Turn, status: string, steps: number): void {
  const code = status === 'failed' ? exitCodes.failed : exitCodes.finished;
  exit(turn, code, `the run is ${status} after ${String(steps)} steps`);
}

function rangeOf({ first, end }: { readonly first: number; readonly end: number }): {
  readonly first: number;
  readonly end: number;
} {
  return { first, end };
}

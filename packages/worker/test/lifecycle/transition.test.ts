import { parseJob } from '@paceline/protocol';
import { expect, test } from 'vitest';
import type { WorkerEffect } from '../../src/lifecycle/effects.ts';
import type { ServerControl, WorkerInput } from '../../src/lifecycle/inputs.ts';
import type { WorkerState } from '../../src/lifecycle/state.ts';
import { initialWorkerState } from '../../src/lifecycle/state.ts';
import { transition } from '../../src/lifecycle/transition.ts';
import { describeWait } from '../../src/lifecycle/waits.ts';

const limits = { connectTimeoutMs: 1000, reconnectTimeoutMs: 5000, graceMs: 2000 };
const { settings } = parseJob({
  model: () => undefined,
  loss: 'meanSquaredError',
  data: { type: 'linear' },
});
const welcome: ServerControl = {
  kind: 'welcome',
  run: 'r',
  term: 1,
  session: 'secret',
  name: 'w',
  settings,
  declared: settings,
  source: { kind: 'file', name: 'job.ts' },
  backend: 'cpu',
  threads: 1,
  bucketBytes: 64,
  version: 0,
  limits: { maxFrameBytes: 1, creditBytes: 1, heartbeatMs: 1, silenceMs: 1 },
};
/** Buckets 1 and 2 carry parameters; microbatch 3 has no examples. */
const shape = {
  parameterBuckets: [1, 2],
  versionedBuckets: [1, 2],
  averagedBuckets: [],
  leavesOf: ({ first, end }: { readonly first: number; readonly end: number }) =>
    Array.from({ length: end - first }, (_, i) => first + i).filter((leaf) => leaf !== 3),
};

interface Played {
  readonly state: WorkerState;
  readonly effects: readonly WorkerEffect[];
}

function play(state: WorkerState, inputs: readonly WorkerInput[], nowMs = 0): Played {
  return inputs.reduce<Played>(
    (so, input) => {
      const { state: next, effects } = transition(so.state, input, nowMs);
      return { state: next, effects: [...so.effects, ...effects] };
    },
    { state, effects: [] },
  );
}

function message(control: ServerControl): WorkerInput {
  return { kind: 'message', message: control };
}

function version(v: number): readonly WorkerInput[] {
  return [1, 2].map((bucket) => ({ kind: 'received', bucket, version: v }));
}

const start = initialWorkerState(limits, 0);
const working = play(start, [
  { kind: 'connected' },
  message(welcome),
  { kind: 'prepared', shape },
]).state;
const leased = play(working, [
  message({ kind: 'lease', fromStep: 0, first: 0, end: 5 }),
  ...version(0),
]);

function leavesOf(effects: readonly WorkerEffect[]): readonly number[] {
  return effects.flatMap((effect) => (effect.kind === 'compute' ? [effect.leaf] : []));
}

test('a step begins when every bucket is there, with two leaves in hand and none that is empty', () => {
  expect(leavesOf(leased.effects)).toEqual([0, 1]);
  const task = leased.state.tasks[0]?.id ?? -1;
  const computed = [0, 1, 2].map((leaf): WorkerInput => ({ kind: 'computed', task, leaf }));
  expect(leavesOf(play(leased.state, computed).effects)).toEqual([2, 4]);
});

test('a step does not begin while a bucket of it is missing', () => {
  const [first] = version(0);
  if (first === undefined) throw new Error('no bucket');
  const half = play(working, [message({ kind: 'lease', fromStep: 0, first: 0, end: 5 }), first]);
  expect(leavesOf(half.effects)).toEqual([]);
});

test('the standing lease begins the next step by itself, and old work is dropped', () => {
  const next = play(leased.state, [{ kind: 'computed', task: 0, leaf: 0 }, ...version(1)]);
  expect(next.effects).toContainEqual({ kind: 'drop-tasks', tasks: [0] });
  expect(next.state.tasks).toMatchObject([{ version: 1, first: 0, end: 5 }]);
});

test('a pause keeps the step from beginning until a lease says so', () => {
  const paused = play(leased.state, [message({ kind: 'pause', step: 1 }), ...version(1)]);
  expect(paused.state.tasks).toEqual([]);
  const again = play(paused.state, [message({ kind: 'lease', fromStep: 1, first: 0, end: 1 })]);
  expect(again.state.tasks).toMatchObject([{ version: 1, first: 0, end: 1 }]);
});

test('an evaluation of averages waits for all of them, of its own version', () => {
  const average = (bucket: number, v: number): WorkerInput => ({
    kind: 'averaged',
    bucket,
    version: v,
  });
  const averaging = play(start, [
    { kind: 'connected' },
    message(welcome),
    { kind: 'prepared', shape: { ...shape, averagedBuckets: [1, 2] } },
    ...version(4),
    message({ kind: 'evaluate', version: 4, first: 7, end: 9 }),
    average(1, 3),
    average(2, 3),
    average(1, 4),
  ]);
  expect(leavesOf(averaging.effects)).toEqual([]);
  expect(leavesOf(play(averaging.state, [average(2, 4)]).effects)).toEqual([7, 8]);
  const lost = play(averaging.state, [{ kind: 'disconnected', code: 1006, reason: '' }]).state;
  expect(lost).toMatchObject({ averages: new Map(), averageVersion: undefined });
});

test('an evaluation goes before the leaves of a step', () => {
  const both = play(working, [
    message({ kind: 'assign', step: 0, first: 0, end: 2 }),
    message({ kind: 'evaluate', version: 0, first: 7, end: 9 }),
    ...version(0),
  ]);
  expect(leavesOf(both.effects)).toEqual([7, 8]);
});

test('an assignment for a version that has not come waits for it', () => {
  const early = play(working, [message({ kind: 'assign', step: 2, first: 0, end: 1 })]);
  expect(leavesOf(early.effects)).toEqual([]);
  expect(leavesOf(play(early.state, version(2)).effects)).toEqual([0]);
});

test('a worker that is asked to leave finishes what it took on, then says goodbye and exits with 0', () => {
  const leaving = play(leased.state, [{ kind: 'leave', reason: 'SIGTERM' }]);
  expect(leaving.state.phase).toBe('working');
  const computed = [0, 1, 2, 4].map((leaf): WorkerInput => ({ kind: 'computed', task: 0, leaf }));
  const sending = play(leaving.state, [{ kind: 'unsent', frames: 3 }, ...computed]);
  expect(sending.state.phase).toBe('working');
  const done = play(sending.state, [{ kind: 'unsent', frames: 0 }]);
  expect(done.effects.map((effect) => effect.kind)).toEqual(['goodbye', 'exit']);
  expect(done.state.exit).toEqual({ code: 0, message: 'SIGTERM' });
});

test('a worker that cannot finish in its grace period hands its work back', () => {
  const leaving = play(leased.state, [{ kind: 'leave', reason: 'SIGTERM' }]);
  expect(play(leaving.state, [{ kind: 'tick' }], 1999).state.phase).toBe('working');
  expect(play(leaving.state, [{ kind: 'tick' }], 2000).state.exit?.code).toBe(0);
});

test('a server that is not there is tried quickly, then with growing pauses, and given up with exit code 4', () => {
  const unreachable: WorkerInput = { kind: 'unreachable', reason: 'refused', isFinal: false };
  const tried = play(start, Array<WorkerInput>(14).fill(unreachable));
  const delays = tried.effects.flatMap((e) => (e.kind === 'connect' ? [e.delayMs] : []));
  expect(delays).toEqual([...Array<number>(11).fill(100), 200, 400, 800]);
  const givenUp = play(tried.state, [unreachable], 1000);
  expect(givenUp.state.exit).toMatchObject({ code: 4 });
  expect(givenUp.state.exit?.message).toContain('--connect-timeout');
});

test('a lost server is looked for with the same session, and the model stays warm', () => {
  const lost = play(leased.state, [{ kind: 'disconnected', code: 1006, reason: 'cut' }]);
  expect(lost.state.phase).toBe('connecting');
  expect(lost.effects.map((effect) => effect.kind)).toEqual(['drop-tasks', 'log', 'connect']);
  const back = play(lost.state, [{ kind: 'connected' }, message(welcome)]);
  expect(back.effects).toEqual([{ kind: 'hello', session: 'secret' }, { kind: 'send-layout' }]);
});

test.each([
  [4005, 3],
  [4007, 2],
  [4008, 0],
])('close code %i is final and exits with %i', (code, exit) => {
  const closed = play(leased.state, [{ kind: 'disconnected', code, reason: 'why' }]);
  expect(closed.state.exit).toEqual({ code: exit, message: 'why' });
});

test('every wait says on whom it waits', () => {
  expect(describeWait(start, 5000)).toContain('waiting for the server to answer for 5 s');
  expect(describeWait(working, 0)).toContain('to send parameters');
  expect(describeWait(leased.state, 0)).toBeUndefined();
});

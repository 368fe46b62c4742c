import { describe, expect, test } from 'vitest';
import type { RunEffect } from '../../src/run/effects.ts';
import type { RunInput } from '../../src/run/inputs.ts';
import type { RunState } from '../../src/run/state.ts';
import { transition } from '../../src/run/transition.ts';
import { listWaits } from '../../src/run/waits.ts';
import { toyJob } from '../support/toy-run.ts';
import { arrive, nodesOf, play, tick, training } from '../support/play.ts';

type Node = Extract<RunInput, { kind: 'node' }>;

function firstNode(state: RunState, connection: number): Node {
  const node = nodesOf(state, connection)[0];
  if (node?.kind !== 'node') throw new Error('no node');
  return node;
}

function closings(effects: readonly RunEffect[]): readonly RunEffect[] {
  return effects.filter((effect) => effect.kind === 'close');
}

describe('what a node must be', () => {
  test('one of a future step is against the protocol and changes nothing of the round', () => {
    const state = training([1, 2]);
    const node = { ...firstNode(state, 1), version: 1 };
    const { state: after, effects } = play(state, [node]);
    expect(closings(effects)).toMatchObject([{ to: 1, because: 'protocol-error' }]);
    expect(after.round?.progress).toEqual(state.round?.progress);
    expect(after.round?.assignments.every(({ worker }) => worker === 2)).toBe(true);
  });

  test('one of an earlier life of the run is late, and no fault', () => {
    const state = training([1, 2], { term: 2 });
    const { state: after, effects } = play(state, [{ ...firstNode(state, 1), term: 1 }]);
    expect(effects).toEqual([{ kind: 'count', what: 'late' }]);
    expect(after).toEqual(state);
  });
});

test('a name is quarantined after its third bad message, and not taken again', () => {
  let state = training([1, 2]);
  for (const connection of [1, 11, 12]) {
    if (connection !== 1) state = play(state, rename(arrive(connection), 'w1')).state;
    const { effects, state: next } = play(state, [
      { ...firstNode(state, 2), connection, version: 99 },
    ]);
    const because = connection === 12 ? 'quarantined' : 'protocol-error';
    expect(closings(effects)).toMatchObject([{ to: connection, because }]);
    state = next;
  }
  const back = play(state, rename(arrive(13), 'w1').slice(0, 2));
  expect(closings(back.effects)).toMatchObject([{ to: 13, because: 'quarantined' }]);
  expect(back.state.members.has(13)).toBe(false);
});

function rename(inputs: readonly RunInput[], name: string): readonly RunInput[] {
  return inputs.map((input) =>
    input.kind === 'hello' ? { ...input, hello: { ...input.hello, name } } : input,
  );
}

describe('numbers that are not finite', () => {
  /** All nodes of bucket 0, the last one not finite, and the verdict on the root. */
  function poisoned(state: RunState, from: number): { state: RunState; effects: RunEffect[] } {
    const nodes = [1, 2].flatMap((connection) =>
      nodesOf(state, connection).filter((node) => node.kind === 'node' && node.bucket === 0),
    );
    let effects: RunEffect[] = [];
    const feed = (input: RunInput): void => {
      const decision = transition(state, input, 0);
      state = decision.state;
      effects = [...effects, ...decision.effects];
    };
    for (const node of nodes) {
      feed(node);
      if (node.kind === 'node' && node.connection === from) {
        feed({ kind: 'suspect', connection: from, bucket: 0, node: node.node });
      }
    }
    feed({ kind: 'root', bucket: 0, finite: false });
    return { state, effects };
  }

  test('are computed once more, by others than their sender', () => {
    const { state, effects } = poisoned(training([1, 2]), 1);
    expect(effects).toContainEqual({ kind: 'clear-bucket', bucket: 0 });
    expect(state.round?.assignments).toMatchObject([{ worker: 2, first: 0, end: 5 }]);
    expect(state.phase).toBe('training');
  });

  test('a second copy of what its sender sent before does not count as that', () => {
    const { state } = poisoned(training([1, 2]), 1);
    const copy = { ...firstNode(training([1, 2]), 1) };
    const { state: after, effects } = play(state, [copy]);
    expect(effects).toEqual([{ kind: 'count', what: 'duplicate' }]);
    expect(after).toEqual(state);
  });

  test('and are a strike against it when they are finite then', () => {
    const { state } = poisoned(training([1, 2]), 1);
    const again = nodesOf(state, 2).filter((node) => node.kind === 'node' && node.bucket === 0);
    const { state: after } = play(state, again);
    expect([...after.strikes.keys()]).toEqual(['w1']);
  });

  test('the same again is the job: the run fails', () => {
    const { state } = poisoned(training([1, 2]), 1);
    const { state: after } = poisoned(state, 2);
    expect(after.end).toMatchObject({ status: 'failed' });
    expect(after.strikes.size).toBe(0);
  });

  test('a sum that overflows of itself is the job at once', () => {
    const { state } = poisoned(training([1, 2]), 99);
    expect(state.end?.status).toBe('failed');
  });
});

describe('silence', () => {
  const heard = (atMs: number): RunInput => tick([1, atMs], [2, atMs]);

  function quietly(state: RunState, untilMs: number): { state: RunState; effects: RunEffect[] } {
    let effects: RunEffect[] = [];
    for (let atMs = 250; atMs <= untilMs; atMs += 250) {
      const played = play(state, [tick([1, 0], [2, atMs])], atMs);
      state = played.state;
      effects = [...effects, ...played.effects];
    }
    return { state, effects };
  }

  test('of a worker is suspected in less than 3 s, and its microbatches go to others', () => {
    const { state, effects } = quietly(training([1, 2]), 2750);
    expect(closings(effects)).toMatchObject([{ to: 1, because: 'silent' }]);
    expect(effects).toContainEqual(
      expect.objectContaining({
        event: expect.objectContaining({ event: 'suspected', worker: 'w1' }) as object,
      }),
    );
    expect(state.round?.assignments.every(({ worker }) => worker === 2)).toBe(true);
  });

  test('while the server itself was away says nothing about anybody', () => {
    const state = play(training([1, 2]), [heard(250)], 250).state;
    const { state: after } = play(state, [heard(250)], 60_000);
    expect(after.members.size).toBe(2);
    expect(play(after, [heard(250)], 60_250).state.members.size).toBe(2);
  });

  test('is no excuse for a worker that is busy for much longer than it said', () => {
    const state = training([1, 2]);
    const busy = { kind: 'heartbeat', connection: 1, phase: 'compute', leafMicros: 1000 } as const;
    const { state: after } = play(state, [{ ...busy, busyMs: 5 }]);
    const late = play({ ...after, tickedMs: 25_000 }, [tick([1, 25_006], [2, 25_006])], 25_006);
    expect(closings(late.effects)).toMatchObject([{ to: 1, because: 'silent' }]);
  });
});

test('a straggler is given a second chance beside it, and the run does not wait for the first', () => {
  const state = training([1, 2]);
  const speeds = [1, 2].map((connection): RunInput => ({
    kind: 'heartbeat',
    connection,
    phase: 'compute',
    leafMicros: 1000,
    busyMs: undefined,
  }));
  const half = play(state, [...speeds, ...nodesOf(state, 2)]).state;
  const { state: after, effects } = play(half, [tick([1, 200], [2, 200])], 200);
  expect(effects).toContainEqual({
    kind: 'send',
    to: 2,
    message: { kind: 'assign', step: 0, first: 0, end: 2 },
  });
  expect(play(after, nodesOf(after, 2), 210).state.version).toBe(1);
});

test('a worker whose socket does not drain gets no more parameters, and a snapshot once it has', () => {
  const state = training([1, 2]);
  const behind = play(state, [{ kind: 'backlog', connection: 1, isBehind: true }]).state;
  const step = play(behind, [...nodesOf(behind, 1), ...nodesOf(behind, 2)]);
  const receivers = step.effects.flatMap((effect) => (effect.kind === 'publish' ? effect.to : []));
  expect(receivers).not.toContain(1);
  expect(step.state.round?.assignments).toMatchObject([{ worker: 2, first: 0, end: 5 }]);
  const back = play(step.state, [{ kind: 'backlog', connection: 1, isBehind: false }]);
  expect(back.effects).toContainEqual({ kind: 'snapshot', to: 1, version: 1, ahead: [] });
});

describe('checkpoints', () => {
  const keeps = { keepsCheckpoints: true } as const;
  const written = (version: number): RunInput => ({
    kind: 'checkpointed',
    version,
    path: `step-${String(version)}`,
    tookMs: 5,
  });

  test('version 0 is on disk before the first step, and the wait for it is named', () => {
    const waiting = training([1, 2], keeps);
    expect(waiting.round).toBeUndefined();
    expect(listWaits(waiting)).toMatchObject([{ on: 'the disk', deadlineMs: 3000 }]);
    expect(play(waiting, [written(0)]).state.round?.version).toBe(0);
  });

  test('a disk that refuses, or does not answer, is an alarm and no more', () => {
    const waiting = training([1, 2], keeps);
    const refused: RunInput = { kind: 'checkpoint-failed', version: 0, reason: 'full' };
    for (const { state, effects } of [
      play(waiting, [refused]),
      play(waiting, [tick([1, 3001], [2, 3001])], 3001),
    ]) {
      expect(state.round?.version).toBe(0);
      expect(effects).toContainEqual(
        expect.objectContaining({ event: expect.objectContaining({ kind: 'disk' }) as object }),
      );
    }
  });

  test('one is written while the next step goes on, at the version that was just reached', () => {
    const settings = { ...toyJob(['checkpoint.everySteps=1']).settings };
    let state = play(training([1], { ...keeps, settings }), [written(0)]).state;
    const step = play(state, nodesOf(state, 1));
    const order = step.effects.findIndex(
      (effect) => effect.kind === 'checkpoint' && effect.version === 1,
    );
    const lastUpdate = step.effects.findLastIndex((effect) => effect.kind === 'update');
    expect(order).toBeGreaterThan(lastUpdate);
    state = step.state;
    expect(state.round?.version).toBe(1);
    const next = play(state, nodesOf(state, 1));
    expect(next.effects.some((effect) => effect.kind === 'checkpoint')).toBe(false);
    expect(next.state.version).toBe(2);
  });

  test('the end is told after the last version is on disk', () => {
    const running = play(training([1], keeps), [written(0)]).state;
    const step = play(running, nodesOf(running, 1)).state;
    const stopped = play(step, [{ kind: 'stop', reason: 'SIGTERM' }]);
    expect(stopped.effects).toContainEqual(
      expect.objectContaining({ kind: 'checkpoint', version: 1 }),
    );
    expect(stopped.effects.some((effect) => effect.kind === 'end')).toBe(false);
    const { effects } = play(stopped.state, [written(1)]);
    expect(effects.map((effect) => effect.kind)).toEqual(['emit', 'end', 'send', 'close']);
  });

  test('workers of a server that is to be started elsewhere are told to look for it, and not that all is over', () => {
    const running = play(training([1], keeps), [written(0)]).state;
    const step = play(running, nodesOf(running, 1)).state;
    const { state } = play(step, [{ kind: 'stop', reason: 'SIGTERM', goesOn: true }]);
    const { effects } = play(state, [written(1)]);
    expect(closings(effects)).toMatchObject([{ to: 1, because: 'shutting-down' }]);
    expect(effects.some((effect) => effect.kind === 'send')).toBe(false);
    expect(effects).toContainEqual(
      expect.objectContaining({
        kind: 'end',
        end: expect.objectContaining({ goesOn: true }) as object,
      }),
    );
  });

  test('a step that is applied in part is never written', () => {
    const running = play(training([1, 2], keeps), [written(0)]).state;
    const some = nodesOf(running, 1).concat(
      nodesOf(running, 2).filter((node) => node.kind === 'node' && node.bucket <= 2),
    );
    const half = play(running, some).state;
    expect(half.round?.updated.size).toBeGreaterThan(0);
    const stopping = play(half, [{ kind: 'stop', reason: 'SIGTERM' }]).state;
    const { effects } = play(stopping, [tick([1, 1100], [2, 1100])], 1100);
    expect(effects.some((effect) => effect.kind === 'checkpoint')).toBe(false);
    expect(effects).toContainEqual(expect.objectContaining({ kind: 'end', version: 0 }));
  });
});

describe('the operator', () => {
  test('pauses before the next step and resumes', () => {
    const state = play(training([1]), [{ kind: 'pause' }]).state;
    expect(state.round?.version).toBe(0);
    const held = play(state, nodesOf(state, 1)).state;
    expect([held.phase, held.version]).toEqual(['holding', 1]);
    expect(play(held, [{ kind: 'resume' }]).state.round?.version).toBe(1);
  });

  test('scales down: the last to come are asked to leave, finish, and are in no plan any more', () => {
    const state = training([1, 2, 3]);
    const { state: scaled, effects } = play(state, [{ kind: 'scale', workers: 1 }]);
    const told = effects.filter(
      (effect) => effect.kind === 'send' && effect.message.kind === 'stop',
    );
    expect(told).toMatchObject([{ to: 2 }, { to: 3 }]);
    const nodes = [1, 2, 3].flatMap((connection) => nodesOf(scaled, connection));
    const next = play(scaled, nodes).state;
    expect(next.version).toBe(1);
    expect(next.round?.assignments).toMatchObject([{ worker: 1, first: 0, end: 5 }]);
  });
});

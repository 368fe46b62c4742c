import fc from 'fast-check';
import { expect, test } from 'vitest';
import { findGaps } from '../../src/leases/gaps.ts';
import { missingInRound } from '../../src/leases/round.ts';
import type { RunState } from '../../src/run/state.ts';
import { describeWait, listWaits } from '../../src/run/waits.ts';
import { arrive, begin, nodesOf, play, tick, training } from '../support/play.ts';

test('exactly one worker is asked for the initial weights, and the next one if it dies', () => {
  const two = play(begin(1), [...arrive(1), ...arrive(2)]);
  const asked = two.effects.filter((e) => e.kind === 'send' && e.message.kind === 'upload');
  expect(asked).toMatchObject([{ to: 1 }]);
  const died = play(two.state, [{ kind: 'closed', connection: 1, reason: 'died' }]);
  expect(died.effects).toContainEqual({ kind: 'send', to: 2, message: { kind: 'upload' } });
});

test('the lease of the next step is sent before the last bucket of its version', () => {
  const state = training([1]);
  const grown = play(state, arrive(2)).state;
  const { effects } = play(grown, nodesOf(grown, 1));
  const lease = effects.findIndex(
    (e) => e.kind === 'send' && e.to === 2 && e.message.kind === 'lease',
  );
  const publishes = effects.flatMap((e, i) => (e.kind === 'publish' ? [i] : []));
  expect(lease).toBeGreaterThan(-1);
  expect(lease).toBeLessThan(Math.max(...publishes));
  expect(publishes.length).toBe((grown.shape?.gradientBuckets ?? 0) - 1);
});

test('a newcomer gets the version being left, and behind it the buckets that are already ahead', () => {
  const state = training([1]);
  const some = nodesOf(state, 1).filter((input) => input.kind === 'node' && input.bucket <= 2);
  const half = play(state, some).state;
  const { effects } = play(half, arrive(7));
  const snapshot = effects.find((e) => e.kind === 'snapshot');
  expect(snapshot).toEqual({ kind: 'snapshot', to: 7, version: 0, ahead: [1, 2] });
});

test('a node of a closed step is late, a second copy a duplicate, one of the future a violation', () => {
  const state = training([1, 2]);
  const [first] = nodesOf(state, 1);
  if (first?.kind !== 'node') throw new Error('no node');
  expect(play(state, [first, first]).effects.at(-1)).toEqual({ kind: 'count', what: 'duplicate' });
  const future = play(state, [{ ...first, version: 1 }]);
  expect(future.effects).toContainEqual(expect.objectContaining({ kind: 'close', to: 1 }));
  const all = play(state, [...nodesOf(state, 1), ...nodesOf(state, 2)]).state;
  expect(all.version).toBe(1);
  expect(play(all, [first]).effects).toEqual([{ kind: 'count', what: 'late' }]);
});

test('workers that say nothing are let go at their deadline', () => {
  const quiet = play(begin(1), [{ kind: 'connected', connection: 3 }]).state;
  const wait = listWaits(quiet)[0];
  expect(wait).toMatchObject({ on: 'connection 3', phase: 'hello', deadlineMs: 1000 });
  const late = play(quiet, [tick()], 1001);
  expect(late.effects).toContainEqual(
    expect.objectContaining({ kind: 'close', to: 3, because: 'silent' }),
  );
  expect(late.state.strangers.size).toBe(0);
});

test('after whatever comings and goings, each missing microbatch is in the hands of a live worker, or the wait is named', () => {
  const move = fc.record({
    what: fc.constantFrom('join', 'die', 'send', 'send', 'send'),
    who: fc.integer({ min: 1, max: 5 }),
    part: fc.nat(30),
  });
  fc.assert(
    fc.property(fc.array(move, { maxLength: 60 }), (moves) => {
      let state = training([1, 2]);
      let nextConnection = 10;
      for (const { what, who, part } of moves) {
        const alive = [...state.members.keys()];
        const connection = alive[who % Math.max(1, alive.length)] ?? 0;
        if (what === 'join') state = play(state, arrive((nextConnection += 1))).state;
        else if (what === 'die')
          state = play(state, [{ kind: 'closed', connection, reason: '' }]).state;
        else state = play(state, nodesOf(state, connection).slice(0, part)).state;
        checkInvariant(state);
      }
    }),
    { numRuns: 200 },
  );
});

function checkInvariant(state: RunState): void {
  const { round } = state;
  if (round === undefined) return;
  for (const { worker } of round.assignments) expect(state.members.has(worker)).toBe(true);
  const hasWorkers = [...state.members.values()].some((member) => member.stage === 'active');
  if (hasWorkers) expect(findGaps(round)).toEqual([]);
  else if (missingInRound(round).length > 0) {
    const words = listWaits(state).map((wait) => describeWait(wait, 0));
    expect(words.join()).toContain('waiting for workers (none left)');
  }
}

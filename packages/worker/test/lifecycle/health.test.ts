import { expect, test } from 'vitest';
import { isComputeStuck } from '../../src/lifecycle/health.ts';
import { initialWorkerState } from '../../src/lifecycle/state.ts';
import { transition } from '../../src/lifecycle/transition.ts';

const initial = initialWorkerState({ connectTimeoutMs: 1, reconnectTimeoutMs: 1, graceMs: 1 }, 0);

test('a compute loop that owes nothing is never stuck', () => {
  expect(isComputeStuck(initial, 1e12)).toBe(false);
});

test('a compute loop has two minutes for a leaf, or 30 times its longest one', () => {
  const working = { ...initial, inHand: 2, owedSinceMs: 1_000 };
  expect(isComputeStuck(working, 121_000)).toBe(false);
  expect(isComputeStuck(working, 121_001)).toBe(true);
  const slow = { ...working, recentMicros: [2_000_000, 10_000_000] };
  expect(isComputeStuck(slow, 301_000)).toBe(false);
  expect(isComputeStuck(slow, 301_001)).toBe(true);
});

test('each leaf that comes back begins the time of the next', () => {
  const leaf = { kind: 'computed', task: 0, leaf: 0, micros: 5 } as const;
  const { state } = transition({ ...initial, inHand: 2 }, leaf, 7_000);
  expect(state).toMatchObject({ inHand: 1, owedSinceMs: 7_000 });
});

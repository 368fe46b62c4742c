import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { LeaseRange } from '../../src/leases/apportion.ts';
import { apportion } from '../../src/leases/apportion.ts';
import type { Candidate } from '../../src/leases/plan.ts';
import { medianOf, planLeases } from '../../src/leases/plan.ts';

const eight = { first: 0, end: 8 };

function sizes(plan: readonly LeaseRange[]): readonly number[] {
  return plan.map(({ first, end }) => end - first);
}

function workers(
  leafMicros: readonly (number | undefined)[],
  standing: readonly LeaseRange[] = apportion(eight, leafMicros.length),
): { leafMicros: number | undefined; lease: LeaseRange | undefined }[] {
  return leafMicros.map((each, i) => ({ leafMicros: each, lease: standing[i] }));
}

/** The plan after a patience of steps at these speeds. */
function settled(candidates: readonly Candidate[]): readonly LeaseRange[] {
  return planLeases(eight, candidates, 100).ranges;
}

test('equal or unknown speeds give the even cut', () => {
  expect(sizes(settled(workers([undefined, undefined])))).toEqual([4, 4]);
  expect(sizes(settled(workers([100, 100, 100])))).toEqual([2, 3, 3]);
});

test('a worker that is three times as slow gets a third, one that nobody timed counts as typical', () => {
  expect(sizes(settled(workers([100, 300])))).toEqual([6, 2]);
  expect(sizes(settled(workers([100, undefined, 1000])))).toEqual([4, 4, 0]);
});

test('the standing plan stays while it is within a quarter of the best', () => {
  expect(sizes(settled(workers([100, 120])))).toEqual([4, 4]);
  const uneven = [
    { first: 0, end: 6 },
    { first: 6, end: 8 },
  ];
  expect(settled(workers([100, 250], uneven))).toEqual(uneven);
});

test('a disturbance of less than ten steps changes nothing', () => {
  let unfitSteps = 0;
  for (let step = 0; step < 9; step += 1) {
    const plan = planLeases(eight, workers([100, 900]), unfitSteps);
    expect(sizes(plan.ranges)).toEqual([4, 4]);
    unfitSteps = plan.unfitSteps;
  }
  expect(planLeases(eight, workers([100, 110]), unfitSteps).unfitSteps).toBe(0);
  expect(sizes(planLeases(eight, workers([100, 900]), unfitSteps).ranges)).toEqual([8, 0]);
});

test('when workers came or went there is a new plan at once, by speed', () => {
  const [left, right] = apportion(eight, 2);
  expect(planLeases(eight, [{ leafMicros: 100, lease: left }], 0).ranges).toEqual([eight]);
  const grown = [
    { leafMicros: 100, lease: left },
    { leafMicros: 100, lease: right },
    { leafMicros: 300, lease: undefined },
  ];
  expect(sizes(planLeases(eight, grown, 0).ranges)).toEqual([4, 3, 1]);
});

test('whatever the speeds, the plan covers everything, in order, and is not slower than the even cut', () => {
  const speeds = fc.array(fc.integer({ min: 1, max: 1_000_000 }), { minLength: 1, maxLength: 9 });
  fc.assert(
    fc.property(speeds, fc.integer({ min: 1, max: 64 }), (leafMicros, leaves) => {
      const range = { first: 0, end: leaves };
      const { ranges: plan } = planLeases(range, workers(leafMicros, []), 0);
      expect(plan.map(({ first }) => first)).toEqual([0, ...plan.slice(0, -1).map((p) => p.end)]);
      expect(plan.at(-1)?.end).toBe(leaves);
      const slowest = (cut: readonly LeaseRange[]): number =>
        Math.max(...sizes(cut).map((size, i) => size * (leafMicros[i] ?? 0)));
      expect(slowest(plan)).toBeLessThanOrEqual(slowest(apportion(range, leafMicros.length)));
    }),
  );
});

test('the median of two is the lower one', () => {
  expect(medianOf([])).toBeUndefined();
  expect(medianOf([9, 3])).toBe(3);
  expect(medianOf([9, 3, 5])).toBe(5);
});

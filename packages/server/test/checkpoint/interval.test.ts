import { describe, expect, test } from 'vitest';
import {
  afterCheckpoint,
  autoIntervalMs,
  createInterval,
  isCheckpointDue,
} from '../../src/checkpoint/interval.ts';

const hourMs = 3_600_000;
const start = { nowMs: 1000, step: 0 };

/** The steps at which a checkpoint was due, of steps that take `stepMs` each and checkpoints that take no time. */
function dueSteps(settings: object, o: { readonly steps: number; readonly stepMs: number }) {
  let state = createInterval({ keep: 3, ...settings }, start);
  const due: number[] = [];
  for (let step = 0; step <= o.steps; step++) {
    const nowMs = start.nowMs + step * o.stepMs;
    if (!isCheckpointDue(state, { step, nowMs })) continue;
    due.push(step);
    state = afterCheckpoint(state, { nowMs, step, tookMs: 0 });
  }
  return due;
}

describe('a checkpoint is due', () => {
  test('at multiples of everySteps, also after a resume between two of them', () => {
    expect(dueSteps({ everySteps: 4 }, { steps: 13, stepMs: 1 })).toEqual([4, 8, 12]);
    const resumed = createInterval({ keep: 3, everySteps: 4 }, { nowMs: 0, step: 6 });
    expect([7, 8].map((step) => isCheckpointDue(resumed, { step, nowMs: 0 }))).toEqual([
      false,
      true,
    ]);
  });

  test('when everySeconds have passed since the last', () => {
    expect(dueSteps({ everySeconds: 2.5 }, { steps: 10, stepMs: 1000 })).toEqual([3, 6, 9]);
  });

  test('at whichever comes first, where both are given', () => {
    const settings = { everySteps: 4, everySeconds: 3 };
    expect(dueSteps(settings, { steps: 8, stepMs: 1000 })).toEqual([3, 4, 7, 8]);
  });

  test('every 5 seconds by itself while checkpoints cost nothing, but never twice for a step', () => {
    expect(dueSteps({}, { steps: 13, stepMs: 1000 })).toEqual([5, 10]);
    const state = createInterval({ keep: 3 }, { nowMs: 0, step: 7 });
    expect(isCheckpointDue(state, { step: 7, nowMs: hourMs })).toBe(false);
  });
});

describe('the interval by itself', () => {
  const measured = (tookMs: number, failures = 0) =>
    afterCheckpoint(createInterval({ keep: 3 }, { ...start, failures }), {
      ...start,
      step: 1,
      tookMs,
    });

  test('is the square root of twice the cost times the mean time between failures', () => {
    // 2 x 2 s x 1 h = 14,400 s^2, whose root is 120 s.
    expect(autoIntervalMs(measured(2000), start.nowMs)).toBe(120_000);
  });

  test('grows with the time that nothing failed, and shrinks with each failure', () => {
    const state = measured(2000);
    // After 8 h, M is 9 h: 3 times as long. After 8 failures in that time, M is 1 h again.
    expect(autoIntervalMs(state, start.nowMs + 8 * hourMs)).toBe(360_000);
    expect(autoIntervalMs(measured(2000, 8), start.nowMs + 8 * hourMs)).toBe(120_000);
  });

  test('is never below 5 s nor above 10 min', () => {
    expect(autoIntervalMs(measured(1), start.nowMs)).toBe(5_000);
    expect(autoIntervalMs(measured(hourMs), start.nowMs)).toBe(600_000);
  });

  test('follows a cost that changes, slowly', () => {
    const state = afterCheckpoint(measured(1000), { ...start, step: 2, tookMs: 2000 });
    expect(state.costMs).toBe(1300);
  });
});

import type { RunEvent } from '@paceline/protocol';
import { describe, expect, it } from 'vitest';

import { progressBar, progressLine } from '../../src/render/progress-line.ts';
import { emptyRunView, nextRunView, secondsLeft } from '../../src/render/run-view.ts';
import type { RunView } from '../../src/render/run-view.ts';
import { start, step } from '../support/events.ts';

/** The view after events, each with the millisecond at which it came. */
function viewAfter(...events: readonly (readonly [RunEvent, number])[]): RunView {
  return events.reduce((view, [event, nowMs]) => nextRunView(view, event, nowMs), emptyRunView);
}

const joined: RunEvent = { type: 'worker', event: 'joined', worker: 'w1', pid: 1 };

describe('the progress line', () => {
  it('counts the workers that have come before training begins', () => {
    expect(progressLine(emptyRunView, 0)).toBe('starting: 0 workers there');
    expect(progressLine(viewAfter([joined, 0]), 0)).toBe('starting: 1 worker there');
    expect(progressLine(viewAfter([joined, 0], [start, 1]), 1)).toBe('first step under way');
  });

  it('shows step, loss, metrics, speed, workers and the time that is left', () => {
    // 100 steps in 10 s, 100 to go.
    const view = viewAfter([start, 0], [step(20), 2000], [step(120), 12_000]);
    expect(progressLine(view, 12_000)).toBe(
      'step 120/200  epoch 1  loss 0.3101  accuracy 91.02 %  12,345 examples/s  2 workers  8.0 s left',
    );
  });

  it('says nothing of an end that is not known', () => {
    const view = viewAfter([{ ...start, totalSteps: null }, 0], [step(1), 0], [step(2), 10]);
    expect(secondsLeft(view, 10)).toBeUndefined();
    expect(progressBar(view, 10)).toBe('');
    expect(progressLine(view, 10)).toMatch(/^step 2 {2}epoch 1/);
  });

  it('measures the pace anew after a roll-back', () => {
    const view = viewAfter([start, 0], [step(100), 1000], [step(50), 5000], [step(60), 6000]);
    expect(secondsLeft(view, 6000)).toBe(14);
  });

  it('has a bar of the cells that it was given', () => {
    const at = (number: number): string =>
      progressBar(viewAfter([start, 0], [step(number), 0]), 10);
    expect([at(0), at(99), at(100), at(200)]).toEqual([
      '[..........]',
      '[####......]',
      '[#####.....]',
      '[##########]',
    ]);
  });

  it('follows workers that come and go', () => {
    const left: RunEvent = { ...joined, event: 'left' };
    expect(viewAfter([joined, 0], [joined, 0], [left, 0]).workers).toBe(1);
    expect(viewAfter([left, 0]).workers).toBe(0);
  });

  it('says why nothing goes on: a hold, no workers, a server that is down', () => {
    const running = [start, step(20)].map((event) => [event, 0] as const);
    const left: RunEvent = { ...joined, event: 'left' };
    const hold: RunEvent = { type: 'hold', step: 20, until: 'resume' };
    const crashed: RunEvent = { type: 'server', event: 'crashed', shard: 0, pid: 1 };
    const lineAfter = (...events: readonly RunEvent[]): string =>
      progressLine(viewAfter(...running, ...events.map((event) => [event, 0] as const)), 0);
    expect(lineAfter(hold)).toBe('step 20/200  holding until `paceline resume URL`');
    expect(lineAfter(left, left)).toBe('step 20/200  no workers: waiting for one to come');
    expect(lineAfter(crashed)).toBe('step 20/200  the server is being started again');
    expect(lineAfter(hold, step(21))).toMatch(/^step 21\/200 {2}epoch 1 /);
    expect(lineAfter(crashed, joined, { ...start, resumedAt: 15 })).toMatch(
      /^step 15\/200 .* 1 worker$/,
    );
  });

  it('leaves the time of a hold out of the pace', () => {
    const hold: RunEvent = { type: 'hold', step: 20, until: 'resume' };
    const slow = [
      [hold, 10_000],
      [step(21), 90_000],
      [step(31), 91_000],
    ] as const;
    expect(secondsLeft(viewAfter([start, 0], [step(20), 10_000], ...slow), 91_000)).toBe(16.9);
  });
});

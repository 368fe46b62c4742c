import { createManualClock } from '@paceline/telemetry/testing';
import { describe, expect, it } from 'vitest';

describe('a manual clock', () => {
  it('stands still until it is moved', async () => {
    const clock = createManualClock(1_000_000);
    expect([clock.now(), clock.wallMs()]).toEqual([0, 1_000_000]);
    await clock.advance(250);
    expect([clock.now(), clock.wallMs()]).toEqual([250, 1_000_250]);
  });

  it('runs timers in the order of their times, each at its own instant', async () => {
    const clock = createManualClock();
    const ran: string[] = [];
    const note = (name: string) => () => ran.push(`${name} at ${clock.now()}`);
    clock.setTimer(20, note('late'));
    clock.setTimer(10, note('first'));
    clock.setTimer(10, note('second'));
    clock.setTimer(31, note('never'));
    await clock.advance(30);
    expect(ran).toEqual(['first at 10', 'second at 10', 'late at 20']);
    expect([clock.now(), clock.pendingTimers]).toEqual([30, 1]);
  });

  it('runs a timer that a timer sets, if its time comes', async () => {
    const clock = createManualClock();
    const ran: number[] = [];
    const tick = (): void => {
      ran.push(clock.now());
      clock.setTimer(10, tick);
    };
    clock.setTimer(10, tick);
    await clock.advance(35);
    expect(ran).toEqual([10, 20, 30]);
  });

  it('lets promises settle between two timers', async () => {
    const clock = createManualClock();
    const log: string[] = [];
    clock.setTimer(1, () => {
      void Promise.resolve()
        .then(() => Promise.resolve())
        .then(() => log.push('promise'));
    });
    clock.setTimer(2, () => log.push('timer'));
    await clock.advance(2);
    expect(log).toEqual(['promise', 'timer']);
  });

  it('forgets a cancelled timer, also one that a timer cancels', async () => {
    const clock = createManualClock();
    const ran: string[] = [];
    const cancel = clock.setTimer(2, () => ran.push('cancelled'));
    clock.setTimer(1, cancel);
    await clock.advance(5);
    expect([ran, clock.pendingTimers]).toEqual([[], 0]);
  });
});

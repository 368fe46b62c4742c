import { systemClock } from '@paceline/telemetry';
import { describe, expect, it } from 'vitest';

describe('the system clock', () => {
  const clock = systemClock();

  it('goes forward, and knows the date', () => {
    const before = clock.now();
    const wallBefore = Date.now();
    expect(clock.wallMs()).toBeGreaterThanOrEqual(wallBefore);
    expect(clock.now()).toBeGreaterThanOrEqual(before);
  });

  it('runs a timer, no earlier than it should', async () => {
    const start = clock.now();
    await new Promise<void>((resolve) => clock.setTimer(5, resolve));
    expect(clock.now() - start).toBeGreaterThanOrEqual(4);
  });

  it('never runs a cancelled timer', async () => {
    const ran: string[] = [];
    const cancel = clock.setTimer(0, () => ran.push('cancelled'));
    cancel();
    cancel();
    await new Promise<void>((resolve) => clock.setTimer(3, resolve));
    expect(ran).toEqual([]);
  });

  it('waits for a time beyond 2^31 ms instead of running at once', async () => {
    const ran: string[] = [];
    const cancel = clock.setTimer(2 ** 40, () => ran.push('far future'));
    await new Promise<void>((resolve) => clock.setTimer(3, resolve));
    expect(ran).toEqual([]);
    cancel();
  });
});

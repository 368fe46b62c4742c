import { expect, test } from 'vitest';
import { startProcess } from './process.ts';
import { createTimeline } from './timeline.ts';

test('events run in the order of their times, and of their asking at the same time', async () => {
  const timeline = createTimeline();
  const order: string[] = [];
  timeline.after(20, () => order.push(`c ${String(timeline.nowMs)}`));
  timeline.after(10, () => {
    order.push('a');
    timeline.after(0, () => order.push('b'));
  });
  timeline.after(20, () => order.push('d'));
  const cancel = timeline.after(15, () => order.push('never'));
  cancel();
  while (await timeline.step());
  expect(order).toEqual(['a', 'b', 'c 20', 'd']);
});

test('many events come out sorted', async () => {
  const timeline = createTimeline();
  const times = Array.from({ length: 500 }, (_, i) => (i * 7919) % 503);
  const seen: number[] = [];
  for (const ms of times) timeline.after(ms, () => seen.push(timeline.nowMs));
  await timeline.runUntil(1000);
  expect(seen).toEqual(times.toSorted((a, b) => a - b));
  expect(timeline.nowMs).toBe(1000);
});

test('promises settle before time goes on', async () => {
  const timeline = createTimeline();
  const seen: number[] = [];
  const note = (): void => void seen.push(timeline.nowMs);
  timeline.after(5, () => {
    void Promise.resolve()
      .then(() => undefined)
      .then(() => undefined)
      .then(note);
  });
  timeline.after(6, note);
  await timeline.runUntil(10);
  expect(seen).toEqual([5, 6]);
});

test('a paused process runs what fell due afterwards, timers first; a killed one nothing', async () => {
  const timeline = createTimeline();
  const process = startProcess('p', { timeline, onCrash: () => undefined });
  const seen: string[] = [];
  process.clock.setTimer(10, () => seen.push(`timer ${String(timeline.nowMs)}`));
  process.clock.setTimer(100, () => seen.push('never'));
  process.pause();
  process.run(() => seen.push('arrival'));
  await timeline.runUntil(50);
  expect(seen).toEqual([]);
  process.resume();
  await timeline.runUntil(60);
  expect(seen).toEqual(['timer 50', 'arrival']);
  process.kill();
  process.run(() => seen.push('never'));
  await timeline.runUntil(200);
  expect(seen).toEqual(['timer 50', 'arrival']);
});

test('a process that throws is dead, and somebody is told', async () => {
  const timeline = createTimeline();
  const crashes: unknown[] = [];
  const process = startProcess('p', { timeline, onCrash: (_, error) => crashes.push(error) });
  const error = new Error('broken');
  process.clock.setTimer(1, () => {
    throw error;
  });
  await timeline.runUntil(1);
  expect(crashes).toEqual([error]);
  expect(process.isAlive).toBe(false);
});

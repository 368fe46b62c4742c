import { expect, test } from 'vitest';
import {
  beginPulse,
  excuseSilence,
  patienceMs,
  recordSign,
} from '../../src/membership/suspicion.ts';

const limits = { heartbeatMs: 500, silenceMs: 30_000 };

function after(intervals: readonly number[]): ReturnType<typeof beginPulse> {
  let atMs = 0;
  return intervals.reduce(
    (pulse, interval) => {
      atMs += interval;
      return recordSign(pulse, atMs);
    },
    beginPulse(0, limits),
  );
}

test('a regular worker is suspected after mean + 5.61 standard deviations, and before 3 s', () => {
  const regular = after(Array.from({ length: 100 }, () => 500));
  expect(patienceMs(regular, limits)).toBeCloseTo(500 + 5.61 * 250, 6);
  expect(patienceMs(beginPulse(0, limits), limits)).toBeLessThan(2250);
});

test('an irregular one is borne longer, but never longer than the limit', () => {
  const irregular = after(Array.from({ length: 100 }, (_, i) => (i % 2 === 0 ? 200 : 3000)));
  expect(patienceMs(irregular, limits)).toBeGreaterThan(7000);
  const wild = after(Array.from({ length: 100 }, (_, i) => (i % 2 === 0 ? 200 : 60_000)));
  expect(patienceMs(wild, limits)).toBe(30_000);
});

test('many bytes a second do not make it impatient: between heartbeats there may be nothing to send', () => {
  const chatty = after(Array.from({ length: 1000 }, () => 5));
  expect(patienceMs(chatty, limits)).toBeGreaterThan(1900);
});

test('an older sign changes nothing, and silence is excused for the time that the watcher was away', () => {
  const pulse = after([500, 500]);
  expect(recordSign(pulse, 900)).toBe(pulse);
  expect(excuseSilence(pulse, 9000)).toEqual({ ...pulse, lastMs: 9000 });
});

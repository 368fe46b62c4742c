import { expect, test } from 'vitest';

import type { GrowthBlock } from '../growth/growth-contestant.ts';
import { drawGrowth } from '../growth/growth-picture.ts';
import { growthRows } from '../growth/growth-rows.ts';
import { growthTable } from '../growth/growth-table.ts';

/** A block of 10 steps in 2 seconds, with a million bytes received. */
const block = (cpuMs: number, o: Partial<GrowthBlock> = {}): GrowthBlock => ({
  seconds: 2,
  steps: 10,
  cpuMs,
  receivedBytes: 1_000_000,
  receivedSumBytes: 900_000,
  sentBytes: 2_000_000,
  longestQueueBytes: 0,
  longestUnreadBytes: undefined,
  sums: 30,
  workers: 1,
  residentPeakBytes: 5_000_000,
  msPerStep: 200,
  cpuMsPerStep: { server: cpuMs / 10 },
  peakBytes: { server: 5_000_000 },
  ...o,
});

const sizes = [
  { workers: 4, blocks: [block(1), block(2), block(4, { longestUnreadBytes: 7 })] },
  { workers: 16, blocks: [block(2), block(2), block(6, { longestQueueBytes: 3_000_000 })] },
];

test('a row is medians over blocks, and the growth the median of the rounds’ ratios', () => {
  const [few, many] = growthRows(sizes);
  expect(few?.stepsPerSecond.median).toBe(5);
  expect(few?.cpuMsPerStep.median).toBe(0.2);
  expect(few?.receivedBytesPerStep).toBe(100_000);
  expect(few?.receivedSumBytesPerStep).toBe(90_000);
  expect(few?.sentBytesPerStep).toBe(200_000);
  // 1, 2 and 4 ms for a million bytes: a millisecond for a million bytes is a nanosecond each.
  expect(few?.nsPerByte).toEqual({ median: 2, lower: 1.5, upper: 3 });
  expect(few?.growth.median).toBe(1);
  // 2 / 1, 2 / 2, 6 / 4.
  expect(many?.growth.median).toBe(1.5);
});

test('of queues and memory the most counts, of what was not seen nothing', () => {
  const [few, many] = growthRows(sizes);
  expect(few?.longestUnreadBytes).toBe(7);
  expect(many?.longestUnreadBytes).toBeUndefined();
  expect(many?.longestQueueBytes).toBe(3_000_000);
  expect(many?.peakBytes).toBe(5_000_000);
});

test('the table has a line for each number of workers', () => {
  const lines = growthTable(growthRows(sizes));
  expect(lines).toHaveLength(4);
  expect(lines[3]?.split('|').map((cell) => cell.trim())).toEqual([
    ...['', '16', '5.00', '0.2', '0.1, 0.2', '2.00 (2.00 to 4.00)', '1.50 (1.25 to 1.75)'],
    ...['3.0', '-', '5', ''],
  ]);
});

test('the picture begins at zero, and shows medians, quartiles and the band of the board', () => {
  const picture = drawGrowth(growthRows(sizes));
  // The axis goes to 4 in steps of 1, over 176 units: 44 for a nanosecond, upwards from 200.
  expect(picture).toContain('<circle class="point" cx="152" cy="112" r="4"/>');
  expect(picture).toContain('<path class="bar" d="M152 134V68"/>');
  // From 2.4 down to 1.6.
  expect(picture).toContain('<rect class="band" x="48" y="94.4" width="416" height="35.2"/>');
  expect(picture.match(/<text[^>]*>(\d)<\/text>/g)).toHaveLength(6);
});

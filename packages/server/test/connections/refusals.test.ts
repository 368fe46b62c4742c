import { createManualClock, createMemoryLogger } from '@paceline/telemetry/testing';
import { expect, test } from 'vitest';
import { createRefusals } from '../../src/connections/refusals.ts';

test('refusals are counted one by one, and a flood of them is one line in ten seconds', async () => {
  const clock = createManualClock();
  const logger = createMemoryLogger();
  const { count, counts } = createRefusals({ clock, logger });
  for (let i = 0; i < 1000; i += 1) count({ reason: 'bad-frame', detail: 'x'.repeat(5000) });
  count({ reason: 'too-large', detail: '10.0.0.1:5' });
  await clock.advance(10_000);
  count({ reason: 'too-large', detail: '10.0.0.1:6' });
  expect(counts).toEqual({ 'bad-frame': 1000, 'too-large': 2 });
  expect(logger.entries.map(({ level, fields }) => [level, fields])).toEqual([
    ['warn', { refusals: { 'bad-frame': 1 } }],
    ['warn', { refusals: { 'bad-frame': 999, 'too-large': 2 } }],
  ]);
  expect(logger.entries.map(({ message }) => message.length)).toEqual([221, 31]);
});

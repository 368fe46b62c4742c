import type { ThreadTimeline } from '@paceline/telemetry';
import { expect, test } from 'vitest';

import { phasesOf } from '../src/measure/phases.ts';

const thread = (process: string, name: string, spans: ThreadTimeline['spans']): ThreadTimeline => ({
  process,
  thread: name,
  spans,
});

/** Two steps of 10 ms, from 1 s on; what was before and after is of other blocks. */
const window = { fromMicros: 1_000_000, toMicros: 1_020_000, steps: 2 };
const threads = [
  thread('w1', 'compute', [
    ['forward', 990_000, 9_000],
    ['forward', 1_000_000, 1_500],
    ['backward', 1_001_500, 2_500],
    ['read back', 1_004_000, 500],
    ['write back', 1_009_900, 100],
    ['forward', 1_010_000, 4_000],
    ['read ahead', 1_015_000, 400],
    ['forward', 1_020_000, 4_000],
  ]),
  thread('w1', 'communication', [
    ['push', 1_004_500, 300],
    ['pull', 1_009_000, 200],
  ]),
  thread('w2', 'compute', [
    ['forward', 1_000_000, 6_000],
    ['forward', 1_010_000, 6_000],
  ]),
  thread('server', 'main', [
    ['sum', 1_006_000, 600],
    ['check-root', 1_006_700, 200],
    ['update', 1_007_000, 400],
    ['publish', 1_007_400, 1_000],
  ]),
];

test('phases are a step’s, of workers the mean of them, and of a block what lies in it', () => {
  const { wait, ...phases } = phasesOf(threads, window);
  expect(phases).toEqual({
    ...{ compute: 5, readBack: 0.125, push: 0.075, sum: 0.4, update: 0.2, publish: 0.5 },
    ...{ pull: 0.05, writeBack: 0.025 },
  });
  // 10 ms less 5 of leaves, and less (500 + 100 + 400) us in four worker steps.
  expect(wait).toBeCloseTo(10 - 5 - 0.25, 12);
});

test('a server alone has phases, too', () => {
  expect(phasesOf(threads.slice(3), window)).toMatchObject({ compute: 0, sum: 0.4, wait: 10 });
});

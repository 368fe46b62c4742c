import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, expect, test } from 'vitest';

import { noTimeline, openTimeline } from '../src/timeline.ts';
import type { WrittenSpan } from '../src/timeline.ts';

const folder = mkdtempSync(join(tmpdir(), 'paceline-timeline-'));
afterEach(() => {
  rmSync(folder, { recursive: true, force: true });
});

test('a timeline writes its spans, on the clock of the machine', () => {
  const timeline = openTimeline(folder, { process: 'w1', thread: 'compute' });
  const since = timeline.now();
  timeline.span('compute', since);
  timeline.span('read back', timeline.now() - 1500);
  timeline.flush();
  timeline.flush();
  const files = readdirSync(folder);
  expect(files).toEqual([expect.stringMatching(/^w1\.compute\.\d+\.spans$/)]);
  const lines = readFileSync(join(folder, files[0] ?? ''), 'utf8')
    .trim()
    .split('\n');
  const [first, second] = lines.map((line) => JSON.parse(line) as WrittenSpan);
  expect(first?.[0]).toBe('compute');
  expect(Math.abs((first?.[1] ?? 0) - Number(process.hrtime.bigint() / 1000n))).toBeLessThan(60e6);
  expect(second?.[2]).toBeGreaterThanOrEqual(1500);
  expect(lines).toHaveLength(2);
});

test('without a timeline nothing is kept', () => {
  expect(openTimeline(undefined, { process: 'w1', thread: 'compute' })).toBe(noTimeline);
  noTimeline.span('compute', noTimeline.now());
  noTimeline.flush();
  expect(noTimeline.now()).toBe(0);
});

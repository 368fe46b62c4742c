import { expect, test } from 'vitest';

import { usageBetween, usageOf } from '../src/measure/process-usage.ts';

test.runIf(process.platform === 'linux')('this process has used time and memory', () => {
  const before = usageOf(process.pid);
  const until = performance.now() + 60;
  while (performance.now() < until);
  const after = usageOf(process.pid);
  expect((after?.cpuMs ?? 0) - (before?.cpuMs ?? 0)).toBeGreaterThanOrEqual(30);
  expect(after?.peakBytes).toBeGreaterThan(20e6);
});

test('a process that is not there has used nothing that is known', () => {
  expect(usageOf(2 ** 22 + 1)).toBeUndefined();
});

test('CPU between two looks is a step’s, and one that was not there at first has none', () => {
  const before = { server: { cpuMs: 100, peakBytes: 1 } };
  const after = { server: { cpuMs: 180, peakBytes: 3 }, w1: { cpuMs: 50, peakBytes: 2 } };
  expect(usageBetween(before, after, 20)).toEqual({
    cpuMsPerStep: { server: 4, w1: 0 },
    peakBytes: { server: 3, w1: 2 },
  });
});

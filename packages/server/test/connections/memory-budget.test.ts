import { expect, test } from 'vitest';
import { inboundMemoryBytes, planGuard } from '../../src/connections/memory-budget.ts';

const megabyte = 2 ** 20;

test('a run takes connections for its workers and 64 strangers, and as many on their way out', () => {
  expect(planGuard(8)).toMatchObject({ maxConnections: 136, maxStrangers: 64 });
  expect(planGuard()).toMatchObject({ maxConnections: 1152 });
  expect(planGuard(Infinity)).toEqual(planGuard());
});

test('a worker may take one frame with the objects of its pieces, and a socket', () => {
  const budget = (bucketBytes: number, workers: number): number =>
    inboundMemoryBytes({ bucketBytes, workers });
  expect(budget(megabyte, 1) - budget(megabyte, 0)).toBe(24.125 * megabyte);
  expect(budget(2 ** 26, 9) - budget(2 ** 26, 8)).toBe((96 + 0.125) * megabyte + 6144);
  // 128 strangers of 192 KiB, one frame of 16 MiB, 128 for a header being decoded, 128 of garbage.
  expect(budget(megabyte, 0)).toBe((24 + 16 + 128 + 128) * megabyte);
});

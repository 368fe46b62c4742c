import { expect, it } from 'vitest';

import { createFramePool } from '../../src/connections/frame-pool.ts';

it('gives an area again when it was given back, and never to two', () => {
  const pool = createFramePool();
  const [first, second] = [pool.take(100), pool.take(100)];
  expect(first).not.toBe(second);
  pool.release(first);
  expect(pool.take(50)).toHaveLength(50);
  expect(pool.take(100)).toBe(first);
  expect(pool.take(100)).not.toBe(first);
});

it('keeps few', () => {
  const pool = createFramePool();
  const areas = Array.from({ length: 20 }, () => pool.take(10));
  for (const area of areas) pool.release(area);
  const again = Array.from({ length: 20 }, () => pool.take(10));
  expect(again.filter((area) => areas.includes(area))).toHaveLength(4);
});

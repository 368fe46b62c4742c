import type { TreeNode } from '@paceline/math';
import { createArena } from '@paceline/math';
import { beforeEach, expect, test } from 'vitest';
import type { BucketSums } from '../../src/store/sums.ts';
import { createBucketSums } from '../../src/store/sums.ts';

const left: TreeNode = { level: 0, index: 0 };
const right: TreeNode = { level: 0, index: 1 };
const root: TreeNode = { level: 1, index: 0 };
const nothing = { dropped: [], merges: [] };
const completing = { dropped: [], merges: [{ left, right, into: root }] };

let sums: BucketSums;
beforeEach(() => {
  sums = createBucketSums(createArena({ maximumBytes: 2 ** 16 }), 2);
});

function bytes(...numbers: readonly number[]): Uint8Array {
  return new Uint8Array(Float32Array.from(numbers).buffer);
}

test('a root that came as one node is as finite as that node was', () => {
  expect(sums.take(root, bytes(1, Infinity), nothing)).toBe(false);
  expect(sums.isFinite(root)).toBe(false);
  expect(sums.take(root, bytes(1, 2), { ...nothing, dropped: [root] })).toBe(true);
  expect(sums.isFinite(root)).toBe(true);
});

test('a sum of finite nodes that overflows is not finite', () => {
  expect(sums.take(left, bytes(1, 3e38), nothing)).toBe(true);
  expect(sums.take(right, bytes(1, 3e38), completing)).toBe(true);
  expect(sums.isFinite(root)).toBe(false);
});

test('what was known of a round is not believed in the next one', () => {
  sums.take(root, bytes(1, 2), nothing);
  sums.clear();
  sums.take(left, bytes(1, NaN), nothing);
  sums.take(right, bytes(1, 2), completing);
  expect(sums.isFinite(root)).toBe(false);
});

import { addNode, createArena, createSumTree, emptyProgress } from '@paceline/math';
import type { TreeNode } from '@paceline/math';
import { encodeTensorMessage } from '@paceline/protocol';
import fc from 'fast-check';
import { expect, test } from 'vitest';

import { createLanding } from '../../src/store/landing.ts';
import { createBucketSums } from '../../src/store/sums.ts';

const length = 21;
const arena = createArena({ maximumBytes: 2 ** 22 });
const landing = createLanding(arena);

/** Where a node's bytes come from: the landing, as frames or at some alignment, or anywhere else. */
type Way = (bytes: Uint8Array) => Uint8Array;

const landed: Way = (bytes) => {
  const header = { kind: 'node', step: 7, term: 1, bucket: 0, level: 0, index: 0 } as const;
  const shape = { dtype: 'f32', length: bytes.length / 4 } as const;
  const frame = encodeTensorMessage({ ...header, ...shape }, bytes);
  const area = landing.room(frame.length, frame.slice(0, 128));
  area.set(frame);
  return area.subarray(frame.length - bytes.length);
};
const landedAt =
  (headerBytes: number): Way =>
  (bytes) => {
    const area = landing.room(headerBytes + bytes.length, new Uint8Array(0)).subarray(headerBytes);
    area.set(bytes);
    return area;
  };

const bytesOf = (values: Float32Array): Uint8Array => new Uint8Array(values.buffer);

/** Takes leaves in that order; the bits of the root, whether it is finite, and the verdict on each leaf. */
function sumOf(leaves: readonly Float32Array[], order: readonly number[], way: Way) {
  const tree = createSumTree(leaves.length);
  const sums = createBucketSums(arena, length, landing);
  const used = arena.usedBytes;
  const verdicts: boolean[] = [];
  let progress = emptyProgress;
  let root: TreeNode | undefined;
  for (const leaf of order) {
    const arrival = addNode(tree, progress, { level: 0, index: leaf });
    if (arrival.kind === 'known') throw new Error('a leaf came twice');
    progress = arrival.progress;
    verdicts[leaf] = sums.take(
      arrival.node,
      way(bytesOf(leaves[leaf] ?? new Float32Array())),
      arrival,
    );
    if (arrival.complete) root = progress.held[0];
  }
  if (root === undefined) throw new Error('no root');
  const values = arena.float32(sums.pointerOf(root), length).slice();
  const isFinite = sums.isFinite(root);
  sums.clear();
  // What is held by the landing stays.
  expect(arena.usedBytes - used).toBeLessThanOrEqual(4096);
  return { values, isFinite, verdicts };
}

/** The tree's sum by hand: halves of a power of two, in plain JavaScript. */
function plainSum(leaves: readonly Float32Array[]): Float32Array {
  const [only = new Float32Array(length), ...others] = leaves;
  if (others.length === 0) return only;
  const half = 2 ** Math.ceil(Math.log2(leaves.length) - 1);
  const [left, right] = [plainSum(leaves.slice(0, half)), plainSum(leaves.slice(half))];
  return left.map((value, i) => Math.fround(value + (right[i] ?? NaN)));
}

const value = fc.oneof(
  { weight: 30, arbitrary: fc.float({ noNaN: true, noDefaultInfinity: true }) },
  { weight: 1, arbitrary: fc.constantFrom(NaN, Infinity, -Infinity) },
);
const leaf = fc
  .array(value, { minLength: length, maxLength: length })
  .map((values) => Float32Array.from(values));
const cases = fc.array(leaf, { minLength: 1, maxLength: 9 }).chain((leaves) =>
  fc.tuple(
    fc.constant(leaves),
    fc.shuffledSubarray(
      leaves.map((_, i) => i),
      { minLength: leaves.length },
    ),
    fc.nat(70),
  ),
);

test('a sum has the bits of the tree, by whichever way and in whatever order its nodes come', () => {
  fc.assert(
    fc.property(cases, ([leaves, order, headerBytes]) => {
      const expected = plainSum(leaves);
      for (const way of [landed, landedAt(headerBytes), (bytes: Uint8Array) => bytes]) {
        const { values, isFinite, verdicts } = sumOf(leaves, order, way);
        expect([...values]).toEqual([...expected]);
        expect(isFinite).toBe(expected.every(Number.isFinite));
        expect(verdicts).toEqual(leaves.map((each) => each.every(Number.isFinite)));
      }
    }),
  );
});

const [left, right, root] = [
  { level: 0, index: 0 },
  { level: 0, index: 1 },
  { level: 1, index: 0 },
];
const nothing = { dropped: [], merges: [] };
const completing = { dropped: [], merges: [{ left, right, into: root }] };
const openSmall = () => createBucketSums(arena, 2, landing);
const floats = (...numbers: readonly number[]): Uint8Array => bytesOf(Float32Array.from(numbers));

test('the first node stays where it has landed, and the second is added from where it is', () => {
  const sums = createBucketSums(arena, 4096, landing);
  const ones = bytesOf(new Float32Array(4096).fill(1));
  const first = landed(ones);
  const before = arena.usedBytes;
  sums.take(left, first, nothing);
  expect(sums.pointerOf(left)).toBe(first.byteOffset);
  expect(first.byteOffset % 16).toBe(0);
  expect(arena.usedBytes).toBe(before);
  const second = landed(ones);
  expect(second.byteOffset).not.toBe(first.byteOffset);
  const held = arena.usedBytes;
  sums.take(right, second, completing);
  expect(arena.usedBytes).toBe(held);
  expect(arena.float32(sums.pointerOf(root), 2)).toEqual(Float32Array.of(2, 2));
  expect(first.subarray(0, 4)).toEqual(bytesOf(Float32Array.of(2)));
  sums.clear();
  expect(arena.usedBytes).toBe(before);
});

test('a root that came as one node is as finite as that node was', () => {
  const sums = openSmall();
  expect(sums.take(root, floats(1, Infinity), nothing)).toBe(false);
  expect(sums.isFinite(root)).toBe(false);
  expect(sums.take(root, floats(1, 2), { ...nothing, dropped: [root] })).toBe(true);
  expect(sums.isFinite(root)).toBe(true);
});

test('a sum of finite nodes that overflows is not finite', () => {
  const sums = openSmall();
  expect(sums.take(left, floats(1, 3e38), nothing)).toBe(true);
  expect(sums.take(right, floats(1, 3e38), completing)).toBe(true);
  expect(sums.isFinite(root)).toBe(false);
});

test('what was known of a round is not believed in the next one', () => {
  const sums = openSmall();
  sums.take(root, floats(1, 2), nothing);
  sums.clear();
  sums.take(left, floats(1, NaN), nothing);
  sums.take(right, floats(1, 2), completing);
  expect(sums.isFinite(root)).toBe(false);
});

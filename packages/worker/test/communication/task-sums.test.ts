import { createArena, createSumTree } from '@paceline/math';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { createSumAreas } from '../../src/communication/sum-areas.ts';
import type { SumSlice } from '../../src/communication/task-sums.ts';
import { createTaskSums } from '../../src/communication/task-sums.ts';

const arena = createArena({ maximumBytes: 2 ** 24 });
const slices = [
  { bucket: 0, dataOffset: 64, length: 3 },
  { bucket: 3, dataOffset: 128, length: 1 },
];

function leafValue(leaf: number, i: number): number {
  return Math.fround(Math.sin(1 + leaf * 7 + i) * 10 ** ((leaf % 5) - 2));
}

function fill(pointer: number, leaf: number, { bucket, dataOffset, length }: SumSlice): void {
  const values = Array.from({ length }, (_, i) => leafValue(leaf, bucket + i));
  arena.float32(pointer + dataOffset, length).set(values);
}

/** Recursive sum in Float32: the oracle. */
function sum(first: number, end: number, i: number, size: number): number {
  if (end - first === 1) return leafValue(first, i);
  const middle = Math.min(first + size / 2, end);
  if (middle >= end) return sum(first, end, i, size / 2);
  return Math.fround(sum(first, middle, i, size / 2) + sum(middle, end, i, size / 2));
}

test("whatever order the leaves come in, the cover comes out with the tree's bits, and nothing leaks", () => {
  const cases = fc
    .integer({ min: 1, max: 12 })
    .chain((leaves) =>
      fc.tuple(
        fc.constant(leaves),
        fc.nat(leaves - 1),
        fc.nat(leaves),
        fc.infiniteStream(fc.nat()),
      ),
    );
  fc.assert(
    fc.property(cases, ([leaves, first, size, keys]) => {
      const range = { first, end: Math.min(leaves, first + Math.max(1, size)) };
      const areas = createSumAreas(arena, 192);
      const tree = createSumTree(leaves);
      const sums = createTaskSums({ tree, range, slices, areas });
      const order = Array.from({ length: range.end - range.first }, (_, i) => range.first + i)
        .map((leaf) => ({ leaf, key: keys.next().value as number }))
        .sort((a, b) => a.key - b.key);
      const finished = order.flatMap(({ leaf, key }) => {
        const pointer = areas.take();
        // Some leaves come at once, others one bucket after the other, in both orders.
        const early = key % 3 === 0 ? undefined : slices[key % 2];
        const late = slices.filter((slice) => slice !== early);
        if (early !== undefined) fill(pointer, leaf, early);
        const before = early === undefined ? [] : sums.add(leaf, pointer, [early.bucket]);
        for (const slice of late) fill(pointer, leaf, slice);
        return [...before, ...sums.complete(leaf, pointer)];
      });
      const covered = tree.cover(range.first, range.end).map(({ level, index }) => [level, index]);
      for (const { bucket, dataOffset, length } of slices) {
        const nodes = finished.filter((each) => each.bucket === bucket);
        expect(nodes.map(({ node }) => [node.level, node.index]).sort()).toEqual(covered.sort());
        for (const { node, pointer } of nodes) {
          const { first: from, end } = tree.range(node);
          const expected = Array.from({ length }, (_, i) =>
            sum(from, end, bucket + i, 2 ** node.level),
          );
          expect([...arena.float32(pointer + dataOffset, length)]).toEqual(expected);
        }
      }
      sums.drop();
      expect(arena.usedBytes).toBe(0);
    }),
  );
});

test('an area that is still written to is not given back with its task', () => {
  const areas = createSumAreas(arena, 192);
  const sums = createTaskSums({
    tree: createSumTree(4),
    range: { first: 0, end: 4 },
    slices,
    areas,
  });
  const [whole, half] = [areas.take(), areas.take()];
  sums.complete(0, whole);
  sums.add(1, half, [3]);
  sums.drop();
  expect(arena.usedBytes).toBe(192);
  areas.release(half);
  expect(arena.usedBytes).toBe(0);
});

test('an area that the socket reads is given back only when the socket is done', () => {
  const areas = createSumAreas(arena, 64);
  const pointer = areas.take();
  areas.lend(pointer);
  areas.lend(pointer);
  areas.release(pointer);
  expect(arena.usedBytes).toBe(64);
  areas.settle(pointer);
  expect(arena.usedBytes).toBe(64);
  areas.settle(pointer);
  expect(arena.usedBytes).toBe(0);
});

test('a socket that died is done with everything', () => {
  const areas = createSumAreas(arena, 64);
  const pointer = areas.take();
  areas.lend(pointer);
  areas.release(pointer);
  areas.settleAll();
  expect(arena.usedBytes).toBe(0);
});

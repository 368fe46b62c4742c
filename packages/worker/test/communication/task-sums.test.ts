import { createArena, createSumTree } from '@paceline/math';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { createSumAreas } from '../../src/communication/sum-areas.ts';
import { createTaskSums } from '../../src/communication/task-sums.ts';

const arena = createArena({ maximumBytes: 2 ** 24 });
const slices = [
  { dataOffset: 64, length: 3 },
  { dataOffset: 128, length: 1 },
];

function leafValue(leaf: number, i: number): number {
  return Math.fround(Math.sin(1 + leaf * 7 + i) * 10 ** ((leaf % 5) - 2));
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
      const finished = order.flatMap(({ leaf }) => {
        const pointer = areas.take();
        slices.forEach(({ dataOffset, length }, slice) => {
          const values = Array.from({ length }, (_, i) => leafValue(leaf, slice * 3 + i));
          arena.float32(pointer + dataOffset, length).set(values);
        });
        return sums.add(leaf, pointer);
      });
      expect(finished).toHaveLength(tree.cover(range.first, range.end).length);
      for (const { node, pointer } of finished) {
        const { first: from, end } = tree.range(node);
        const expected = [0, 1, 2].map((i) => sum(from, end, i, 2 ** node.level));
        expect([...arena.float32(pointer + 64, 3)]).toEqual(expected);
        expect(arena.float32(pointer + 128, 1)[0]).toBe(sum(from, end, 3, 2 ** node.level));
      }
      sums.drop();
      expect(arena.usedBytes).toBe(0);
    }),
  );
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

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';

import { createSumTree } from '../src/tree.ts';
import type { SumTree } from '../src/tree.ts';
import type { TreeNode } from '../src/tree-node.ts';

/** The non-empty leaves that a node covers, straight from the definition. */
function leavesUnder(empty: readonly boolean[], { level, index }: TreeNode): number[] {
  return [...empty.keys()].filter(
    (leaf) => Math.floor(leaf / 2 ** level) === index && !empty[leaf],
  );
}

/** Every node of a tree, the lowest level first. */
function allNodes(empty: readonly boolean[]): { node: TreeNode; leaves: number[] }[] {
  const found = [];
  for (let level = 0; ; level += 1) {
    const nodes = Math.ceil(empty.length / 2 ** level);
    for (let index = 0; index < nodes; index += 1) {
      const node = { level, index };
      found.push({ node, leaves: leavesUnder(empty, node) });
    }
    if (nodes === 1) return found;
  }
}

/** The fewest nodes whose leaves are exactly `wanted`, by dynamic programming over all nodes. */
function fewest(empty: readonly boolean[], wanted: readonly number[]): number {
  const best = [0];
  for (let end = 1; end <= wanted.length; end += 1) {
    best[end] = Infinity;
    for (const { leaves } of allNodes(empty)) {
      const start = end - leaves.length;
      if (leaves.length === 0 || leaves.join() !== wanted.slice(Math.max(0, start), end).join())
        continue;
      best[end] = Math.min(best[end] ?? Infinity, 1 + (best[start] ?? Infinity));
    }
  }
  return best[wanted.length] ?? 0;
}

const emptyLeaves = fc
  .array(fc.boolean(), { minLength: 1, maxLength: 12 })
  .filter((empty) => empty.includes(false));

const treeOf = (empty: readonly boolean[]): SumTree =>
  createSumTree(empty.length, (leaf) => empty[leaf] ?? true);

describe('createSumTree', () => {
  it.each([
    [1, 0],
    [2, 1],
    [3, 2],
    [4, 2],
    [5, 3],
    [8, 3],
    [9, 4],
    [4096, 12],
    [2 ** 30, 30],
  ])('over %i leaves has its root at level %i', (leaves, level) => {
    expect(createSumTree(leaves).root).toEqual({ level, index: 0 });
  });

  it('says which microbatches a node covers, cut at the last one', () => {
    const tree = createSumTree(5);
    expect(tree.range({ level: 1, index: 1 })).toEqual({ first: 2, end: 4 });
    expect(tree.range({ level: 1, index: 2 })).toEqual({ first: 4, end: 5 });
    expect(tree.range({ level: 3, index: 0 })).toEqual({ first: 0, end: 5 });
  });

  it('lifts a node whose sibling is absent to the highest node with the same sum', () => {
    const tree = createSumTree(5);
    expect(tree.normalise({ level: 0, index: 4 })).toEqual({ level: 2, index: 1 });
    expect(tree.normalise({ level: 0, index: 3 })).toEqual({ level: 0, index: 3 });
    const sparse = createSumTree(8, (leaf) => ![2, 5, 7].includes(leaf));
    expect(sparse.normalise({ level: 0, index: 2 })).toEqual({ level: 2, index: 0 });
    expect(sparse.normalise({ level: 0, index: 5 })).toEqual({ level: 1, index: 2 });
    expect(sparse.isEmpty({ level: 1, index: 0 })).toBe(true);
  });

  it('covers a dyadic block with one node, and others with the fewest', () => {
    const tree = createSumTree(8);
    expect(tree.cover(4, 8)).toEqual([{ level: 2, index: 1 }]);
    expect(tree.cover(0, 8)).toEqual([tree.root]);
    expect(tree.cover(3, 3)).toEqual([]);
    expect(tree.cover(1, 7)).toEqual([
      { level: 0, index: 1 },
      { level: 1, index: 1 },
      { level: 1, index: 2 },
      { level: 0, index: 6 },
    ]);
  });

  it('agrees with the definition on every node: emptiness and normal form', () => {
    fc.assert(
      fc.property(emptyLeaves, (empty) => {
        const tree = treeOf(empty);
        const nodes = allNodes(empty);
        for (const { node, leaves } of nodes) {
          const highest = nodes.findLast(
            (other) =>
              other.leaves.join() === leaves.join() &&
              other.node.index === node.index >> (other.node.level - node.level),
          );
          expect(tree.isEmpty(node)).toBe(leaves.length === 0);
          expect(tree.normalise(node)).toEqual(highest?.node);
        }
      }),
    );
  });

  it('covers any interval exactly, in order, with normalised nodes, and with no fewer possible', () => {
    fc.assert(
      fc.property(emptyLeaves, fc.nat(12), fc.nat(12), (empty, a, b) => {
        const tree = treeOf(empty);
        const first = Math.min(a, b, empty.length);
        const end = Math.min(Math.max(a, b), empty.length);
        const wanted = [...empty.keys()].filter(
          (leaf) => leaf >= first && leaf < end && empty[leaf] === false,
        );
        const cover = tree.cover(first, end);
        expect(cover.flatMap((node) => leavesUnder(empty, node))).toEqual(wanted);
        expect(cover.map((node) => tree.normalise(node))).toEqual(cover);
        expect(cover.length).toBe(fewest(empty, wanted));
      }),
      { numRuns: 300 },
    );
  });

  it('sends at most 2 log2 M nodes for any lease of a tree over M = 4096', () => {
    const tree = createSumTree(4096);
    fc.assert(
      fc.property(fc.nat(4096), fc.nat(4096), (a, b) => {
        expect(tree.cover(Math.min(a, b), Math.max(a, b)).length).toBeLessThanOrEqual(24);
      }),
    );
  });

  it.each([
    { level: 3, index: 0 },
    { level: 0, index: 3 },
    { level: 1, index: 2 },
    { level: -1, index: 0 },
    { level: 0, index: -1 },
    { level: 0.5, index: 0 },
    { level: 0, index: 0.5 },
    { level: NaN, index: 0 },
  ])('over three leaves has no node $level, $index', (node) => {
    const tree = createSumTree(3);
    for (const ask of [tree.range, tree.isEmpty, tree.normalise]) {
      expect(() => ask(node)).toThrow(expect.objectContaining({ code: 'outside-tree' }));
    }
  });

  it('refuses no leaves, too many, only empty ones, and intervals that reach outside', () => {
    expect(() => createSumTree(0)).toThrow('leaves must be a whole number from 1');
    expect(() => createSumTree(2 ** 30 + 1)).toThrow('leaves must be a whole number from 1');
    expect(() => createSumTree(4, () => true)).toThrow('a leaf that is not empty');
    expect(() => createSumTree(4).cover(2, 5)).toThrow('end must be a whole number from 2 to 4');
  });
});

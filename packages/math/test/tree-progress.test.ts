import fc from 'fast-check';
import { describe, expect, it } from 'vitest';

import { nodeKey } from '../src/tree-node.ts';
import type { TreeNode } from '../src/tree-node.ts';
import { addNode, emptyProgress, missingRanges } from '../src/tree-progress.ts';
import type { Arrival, TreeProgress } from '../src/tree-progress.ts';
import { createSumTree } from '../src/tree.ts';
import type { SumTree } from '../src/tree.ts';
import { bitsOf, finiteFloat } from './support/floats.ts';

type Leaf = readonly number[] | undefined;

/** The sum by plain recursion over halves: what every other way must equal, bit for bit. */
function reference(leaves: readonly Leaf[], level: number, index: number): Leaf {
  if (level === 0) return leaves[index];
  const left = reference(leaves, level - 1, 2 * index);
  const right = reference(leaves, level - 1, 2 * index + 1);
  if (left === undefined || right === undefined) return left ?? right;
  return left.map((value, i) => Math.fround(value + (right[i] ?? NaN)));
}

/** Does with numbers what a server or worker does with buffers, and checks that each buffer is there when it is needed. */
function createHolder(tree: SumTree) {
  let progress: TreeProgress = emptyProgress;
  const buffers = new Map<number, readonly number[]>();
  const take = (node: TreeNode): readonly number[] => {
    const buffer = buffers.get(nodeKey(node));
    if (buffer === undefined) throw new Error(`no buffer for ${node.level}, ${node.index}`);
    buffers.delete(nodeKey(node));
    return buffer;
  };
  return {
    buffers,
    take,
    progress: () => progress,
    add(node: TreeNode, values: readonly number[]): Arrival {
      const arrival = addNode(tree, progress, node);
      if (arrival.kind === 'known') return arrival;
      arrival.dropped.forEach(take);
      buffers.set(nodeKey(arrival.node), values);
      for (const { left, right, into } of arrival.merges) {
        const [a, b] = [take(left), take(right)];
        buffers.set(
          nodeKey(into),
          a.map((value, i) => Math.fround(value + (b[i] ?? NaN))),
        );
      }
      progress = arrival.progress;
      return arrival;
    },
  };
}

/** What a worker with this lease sends: its leaves added by the same rules, in any order. */
function workerNodes(tree: SumTree, leaves: readonly Leaf[], order: readonly number[]) {
  const holder = createHolder(tree);
  for (const leaf of order) {
    const values = leaves[leaf];
    if (values !== undefined) holder.add({ level: 0, index: leaf }, values);
  }
  return holder.progress().held.map((node) => ({ node, values: holder.take(node) }));
}

const leafValues = fc.option(fc.tuple(finiteFloat, finiteFloat, finiteFloat), { nil: undefined });

const batches = fc
  .array(leafValues, { minLength: 1, maxLength: 40 })
  .filter((leaves) => leaves.some((leaf) => leaf !== undefined));

const treeOf = (leaves: readonly Leaf[]): SumTree =>
  createSumTree(leaves.length, (leaf) => leaves[leaf] === undefined);

/** Cuts [0, M) at the given places into leases. */
function leasesOf(leaves: number, cuts: readonly number[]): readonly (readonly [number, number])[] {
  const edges = [0, ...cuts.map((cut) => cut % (leaves + 1)), leaves].sort((a, b) => a - b);
  return edges.slice(1).map((end, i) => [edges[i] ?? 0, end]);
}

const numbersIn = (first: number, end: number): number[] =>
  Array.from({ length: end - first }, (_, i) => first + i);

describe('addNode', () => {
  const tree = createSumTree(4);
  const at = (level: number, index: number): TreeNode => ({ level, index });
  const held = (...nodes: TreeNode[]): TreeProgress => ({ held: nodes });

  it('holds a node whose sibling is not there', () => {
    expect(addNode(tree, emptyProgress, at(0, 2))).toEqual({
      kind: 'accepted',
      node: at(0, 2),
      progress: held(at(0, 2)),
      dropped: [],
      merges: [],
      complete: false,
    });
  });

  it('adds siblings, left before right, up to the root', () => {
    expect(addNode(tree, held(at(1, 0), at(0, 3)), at(0, 2))).toEqual({
      kind: 'accepted',
      node: at(0, 2),
      progress: held(at(2, 0)),
      dropped: [],
      merges: [
        { left: at(0, 2), right: at(0, 3), into: at(1, 1) },
        { left: at(1, 0), right: at(1, 1), into: at(2, 0) },
      ],
      complete: true,
    });
  });

  it('knows a node that is held, or that is within a held one', () => {
    expect(addNode(tree, held(at(1, 0)), at(1, 0))).toEqual({ kind: 'known' });
    expect(addNode(tree, held(at(1, 0)), at(0, 1))).toEqual({ kind: 'known' });
  });

  it('replaces held nodes by the sum that has them in it, and says which', () => {
    expect(addNode(tree, held(at(0, 1), at(0, 2)), at(2, 0))).toEqual({
      kind: 'accepted',
      node: at(2, 0),
      progress: held(at(2, 0)),
      dropped: [at(0, 1), at(0, 2)],
      merges: [],
      complete: true,
    });
  });

  it('takes a node under the name of the highest one with the same sum', () => {
    const five = createSumTree(5);
    expect(addNode(five, held(at(2, 1)), at(0, 4))).toEqual({ kind: 'known' });
    expect(addNode(five, held(at(2, 0)), at(0, 4))).toMatchObject({
      node: at(2, 1),
      merges: [{ left: at(2, 0), right: at(2, 1), into: at(3, 0) }],
      complete: true,
    });
  });

  it('does not change the progress it is given', () => {
    const before = Object.freeze({ held: Object.freeze([at(0, 0)]) });
    addNode(tree, before, at(0, 1));
    expect(before.held).toEqual([at(0, 0)]);
  });

  it('refuses a node that the tree does not have, or that has no examples', () => {
    const sparse = createSumTree(4, (leaf) => leaf > 1);
    expect(() => addNode(tree, emptyProgress, at(0, 4))).toThrow('no node (level 0, index 4)');
    expect(() => addNode(sparse, emptyProgress, at(1, 1))).toThrow('no microbatch with examples');
  });

  it('leaves a worker with the fewest nodes that cover its lease, whatever the order of its leaves', () => {
    fc.assert(
      fc.property(
        batches,
        fc.nat(),
        fc.nat(),
        fc.infiniteStream(fc.nat()),
        (leaves, a, b, keys) => {
          const batch = treeOf(leaves);
          const [first, end] = [a % (leaves.length + 1), b % (leaves.length + 1)].sort(
            (x, y) => x - y,
          ) as [number, number];
          const sent = workerNodes(batch, leaves, shuffle(numbersIn(first, end), keys));
          expect(sent.map(({ node }) => node)).toEqual(batch.cover(first, end));
        },
      ),
    );
  });

  it('gives the bits of the plain recursion for any leases, any order, duplicates and re-issues', () => {
    const cuts = fc.array(fc.nat(), { maxLength: 8 });
    fc.assert(
      fc.property(
        batches,
        fc.array(cuts, { minLength: 1, maxLength: 3 }),
        fc.infiniteStream(fc.nat()),
        (leaves, plans, keys) => {
          const batch = treeOf(leaves);
          const sent = plans.flatMap((plan) =>
            leasesOf(leaves.length, plan).flatMap(([first, end]) =>
              workerNodes(batch, leaves, shuffle(numbersIn(first, end), keys)),
            ),
          );
          const server = createHolder(batch);
          let completions = 0;
          for (const { node, values } of shuffle([...sent, ...sent], keys)) {
            const arrival = server.add(node, values);
            if (arrival.kind === 'accepted' && arrival.complete) completions += 1;
            expectPartition(batch, server.progress(), leaves);
            expect([...server.buffers.keys()].sort()).toEqual(
              server.progress().held.map(nodeKey).sort(),
            );
          }
          expect(completions).toBe(1);
          expect(server.progress().held).toEqual([batch.root]);
          expect(bitsOf(server.take(batch.root))).toEqual(
            bitsOf(reference(leaves, batch.root.level, 0) ?? []),
          );
        },
      ),
      { numRuns: 300 },
    );
  });

  it('keeps -0 when the other child is absent', () => {
    const leaves: Leaf[] = [undefined, [-0], undefined];
    const server = createHolder(treeOf(leaves));
    server.add({ level: 0, index: 1 }, [-0]);
    expect(bitsOf(server.take({ level: 2, index: 0 }))).toEqual(['80000000']);
  });
});

describe('missingRanges', () => {
  it('is everything at first, and nothing at the end', () => {
    const tree = createSumTree(6);
    expect(missingRanges(tree, emptyProgress)).toEqual([{ first: 0, end: 6 }]);
    expect(missingRanges(tree, { held: [tree.root] })).toEqual([]);
  });

  it('lists what lies between held nodes, in order', () => {
    const tree = createSumTree(8);
    const progress = {
      held: [
        { level: 0, index: 1 },
        { level: 1, index: 2 },
      ],
    };
    expect(missingRanges(tree, progress)).toEqual([
      { first: 0, end: 1 },
      { first: 2, end: 4 },
      { first: 6, end: 8 },
    ]);
  });

  it('begins and ends with a leaf that has examples, and is not divided by one that has none', () => {
    const tree = createSumTree(8, (leaf) => ![2, 5, 7].includes(leaf));
    expect(missingRanges(tree, emptyProgress)).toEqual([{ first: 2, end: 8 }]);
    expect(missingRanges(tree, { held: [{ level: 1, index: 2 }] })).toEqual([
      { first: 2, end: 3 },
      { first: 7, end: 8 },
    ]);
  });
});

/** Every non-empty leaf is either in one held node or in one missing range. */
function expectPartition(tree: SumTree, progress: TreeProgress, leaves: readonly Leaf[]): void {
  const ranges = [
    ...progress.held.map((node) => tree.range(node)),
    ...missingRanges(tree, progress),
  ];
  const seen = ranges
    .flatMap(({ first, end }) => numbersIn(first, end))
    .filter((leaf) => leaves[leaf] !== undefined);
  expect(seen.sort((a, b) => a - b)).toEqual(
    [...leaves.keys()].filter((leaf) => leaves[leaf] !== undefined),
  );
}

function shuffle<T>(items: readonly T[], keys: Iterator<number>): T[] {
  return items
    .map((item) => ({ item, key: Number(keys.next().value) }))
    .sort((a, b) => a.key - b.key)
    .map(({ item }) => item);
}

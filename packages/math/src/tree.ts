/**
 * The one tree in which the gradients of a step are summed.
 *
 * Float32 addition is not associative: the bits of a sum depend on who is added to whom. So the pairs are fixed once,
 * by M, the number of microbatches, and not by who computes what, or when it arrives:
 *
 *     level 2              (2,0)                   M = 3: sum = (g0 + g1) + g2
 *                        /       \
 *     level 1       (1,0)         (1,1)            (1,1) has one child: it is a copy of g2
 *                   /   \         /
 *     level 0     g0     g1     g2
 *
 * Node (level, index) covers a block of 2^level microbatches; its sum is left child + right child. M need not be a
 * power of two, and in a small batch some microbatches have no examples and so no leaf: a parent with one absent child
 * is a *bit copy* of the other child (adding 0 would turn -0 into +0). Such a parent and its child are the same sum,
 * so one of them is enough: we always name the highest, and call it normalised.
 */
import { checkWhole } from './checks.ts';
import { MathError } from './errors.ts';
import type { Interval } from './interval.ts';
import { childrenOf, parentOf } from './tree-node.ts';
import type { TreeNode } from './tree-node.ts';

/** The tree of one batch. Immutable: it may be kept, and used for every batch with the same empty microbatches. */
export interface SumTree {
  /** M: how many microbatches there are, empty ones included. */
  readonly leaves: number;
  /** The node that covers them all. */
  readonly root: TreeNode;
  /** The microbatches that a node covers. Throws `outside-tree` for a node that this tree does not have; so do the next two. */
  range(node: TreeNode): Interval;
  /** True when none of them has examples: then there is no such sum. */
  isEmpty(node: TreeNode): boolean;
  /** The highest node with the same non-empty leaves, that is, the same sum, bit for bit. */
  normalise(node: TreeNode): TreeNode;
  /** The fewest nodes that together have exactly the non-empty leaves in [first, end). Normalised, from left to right. */
  cover(first: number, end: number): readonly TreeNode[];
}

/** Keeps 2^level inside signed 32-bit shifts. */
const mostLeaves = 0x4000_0000;

/**
 * The tree over `leaves` microbatches. O(leaves) once when some may be empty, O(1) otherwise; queries are O(log leaves).
 * @throws {MathError} `bad-argument` when `leaves` is not in [1, 2^30], or all of them are empty.
 */
export function createSumTree(leaves: number, isEmptyLeaf?: (leaf: number) => boolean): SumTree {
  checkWhole('leaves', leaves, { least: 1, most: mostLeaves });
  const count = createLeafCount(leaves, isEmptyLeaf);
  const root: TreeNode = { level: 32 - Math.clz32(leaves - 1), index: 0 };
  if (count({ first: 0, end: leaves }) === 0) {
    throw new MathError('bad-argument', 'a tree needs a leaf that is not empty', {
      data: { leaves },
    });
  }

  /** May lie beyond the last leaf: then first >= end, and it counts nothing. */
  const span = ({ level, index }: TreeNode): Interval => ({
    first: index << level,
    end: Math.min((index + 1) << level, leaves),
  });

  const range = (node: TreeNode): Interval => {
    if (!isInside(node, leaves, root.level)) throw outsideTree(node, leaves);
    return span(node);
  };

  const normalise = (node: TreeNode): TreeNode => {
    const nonEmpty = count(range(node));
    let top = node;
    while (top.level < root.level && count(span(parentOf(top))) === nonEmpty) top = parentOf(top);
    return top;
  };

  /** From the top down: the first node whose leaves are all wanted is the highest, hence normalised. */
  const collect = (node: TreeNode, wanted: Interval): readonly TreeNode[] => {
    const own = span(node);
    const inside = count(intersect(own, wanted));
    if (inside === 0) return [];
    if (inside === count(own)) return [node];
    return childrenOf(node).flatMap((child) => collect(child, wanted));
  };

  return Object.freeze({
    leaves,
    root: Object.freeze(root),
    range,
    isEmpty: (node: TreeNode) => count(range(node)) === 0,
    normalise,
    cover: (first: number, end: number) => {
      checkWhole('first', first, { least: 0, most: leaves });
      checkWhole('end', end, { least: first, most: leaves });
      return collect(root, { first, end });
    },
  });
}

/** Counts the non-empty leaves of an interval, by differences of running counts. */
function createLeafCount(
  leaves: number,
  isEmptyLeaf?: (leaf: number) => boolean,
): (interval: Interval) => number {
  if (isEmptyLeaf === undefined) return ({ first, end }) => Math.max(0, end - first);
  const before = new Uint32Array(leaves + 1);
  let nonEmpty = 0;
  for (let leaf = 0; leaf < leaves; leaf += 1) {
    if (!isEmptyLeaf(leaf)) nonEmpty += 1;
    before[leaf + 1] = nonEmpty;
  }
  return ({ first, end }) => (first < end ? (before[end] ?? 0) - (before[first] ?? 0) : 0);
}

function intersect(a: Interval, b: Interval): Interval {
  return { first: Math.max(a.first, b.first), end: Math.min(a.end, b.end) };
}

function isInside({ level, index }: TreeNode, leaves: number, rootLevel: number): boolean {
  if (!Number.isInteger(level) || level < 0 || level > rootLevel) return false;
  return Number.isInteger(index) && index >= 0 && index <= (leaves - 1) >> level;
}

function outsideTree({ level, index }: TreeNode, leaves: number): MathError {
  return new MathError(
    'outside-tree',
    `a tree over ${leaves} microbatches has no node (level ${level}, index ${index})`,
    { data: { level, index, leaves } },
  );
}

import { createRandom, createSumTree } from '@paceline/math';
import type { SumTree, TreeNode } from '@paceline/math';
import { describe, expect, it } from 'vitest';

import { sumInTree } from '../src/sum-in-tree.ts';

/** The definition, from the tree that server and workers use: a node is left + right, or its only child. */
function sumOfNode(tree: SumTree, node: TreeNode, leaves: readonly number[]): number {
  if (node.level === 0) return leaves[node.index] ?? Number.NaN;
  const left = { level: node.level - 1, index: 2 * node.index };
  const right = { level: left.level, index: left.index + 1 };
  const leftSum = sumOfNode(tree, left, leaves);
  const hasRight = right.index << right.level < tree.leaves;
  return hasRight ? Math.fround(leftSum + sumOfNode(tree, right, leaves)) : leftSum;
}

describe('a sum in the tree', () => {
  it('is the one of a run, bit for bit, for any number of leaves', () => {
    const random = createRandom(1);
    for (let count = 1; count <= 40; count++) {
      const leaves = Array.from({ length: count }, () => Math.fround(random.uniform() - 0.5));
      const tree = createSumTree(count);
      const [sum] = sumInTree(leaves.map((leaf) => Float32Array.of(leaf)));
      expect(sum).toBe(sumOfNode(tree, tree.root, leaves));
    }
  });

  it('keeps the sign of a zero that has no sibling, and does not touch its inputs', () => {
    const leaves = [Float32Array.of(1, -0), Float32Array.of(2, -0), Float32Array.of(3, -0)];
    expect([...sumInTree(leaves)]).toEqual([6, -0]);
    expect(leaves.map(([first]) => first)).toEqual([1, 2, 3]);
  });
});

/**
 * How far the sum of one bucket in one step has come: which nodes are held, and what a node that arrives changes.
 * Pure: whoever holds the bytes performs the merges and frees what was dropped.
 *
 * Nodes may arrive in any order, twice, from workers whose leases overlap, or as the sum of what has come in parts
 * already. In every case additions happen in the tree's pairs, so the root has the same bits.
 */
import { MathError } from './errors.ts';
import type { Interval } from './interval.ts';
import { childrenOf, isSameNode, isWithin, parentOf, siblingOf } from './tree-node.ts';
import type { TreeNode } from './tree-node.ts';
import type { SumTree } from './tree.ts';

/** The nodes whose sums are held: normalised, from left to right, no two of them siblings or one within another. Immutable. */
export interface TreeProgress {
  readonly held: readonly TreeNode[];
}

/** One addition: into = left + right. The buffers of both may then be used for something else. */
export interface TreeMerge {
  readonly left: TreeNode;
  readonly right: TreeNode;
  readonly into: TreeNode;
}

/**
 * What a node changes.
 * - `known`: its leaves are part of a held sum already; drop it.
 * - `accepted`: its sum is held under the name `node` (normalised; the bits are the same). First free the buffers of the
 *   `dropped` nodes, whose leaves are part of it. Then do the `merges`, in order; their operands are this node, held
 *   nodes, and results of merges before. `complete`: now the root is held.
 */
export type Arrival =
  | { readonly kind: 'known' }
  | {
      readonly kind: 'accepted';
      readonly node: TreeNode;
      readonly dropped: readonly TreeNode[];
      readonly merges: readonly TreeMerge[];
      readonly progress: TreeProgress;
      readonly complete: boolean;
    };

/** Nothing has arrived. */
export const emptyProgress: TreeProgress = Object.freeze({ held: Object.freeze([]) });

/**
 * What the arrival of `node` changes; `progress` itself stays as it is.
 * @throws {MathError} `outside-tree` for a node that the tree does not have, or that has no non-empty leaf.
 */
export function addNode(tree: SumTree, progress: TreeProgress, node: TreeNode): Arrival {
  if (tree.isEmpty(node)) throw emptyNode(tree, node);
  const added = tree.normalise(node);
  if (progress.held.some((held) => isWithin(added, held))) return { kind: 'known' };

  const dropped = progress.held.filter((held) => isWithin(held, added));
  let held = progress.held.filter((other) => !isWithin(other, added));
  let top = added;
  const merges: TreeMerge[] = [];
  // Below the root the sibling of a normalised node is normalised too: it is held under this name, or not at all.
  while (held.some((other) => isSameNode(other, siblingOf(top)))) {
    const parent = parentOf(top);
    const [left, right] = childrenOf(parent);
    held = held.filter((other) => !isWithin(other, parent));
    top = tree.normalise(parent);
    merges.push({ left, right, into: top });
  }
  return {
    kind: 'accepted',
    node: added,
    dropped,
    merges,
    progress: { held: fromLeftToRight(tree, [...held, top]) },
    complete: isSameNode(top, tree.root),
  };
}

/**
 * What is still to be computed: runs of leaves that no held node has, from left to right. A run begins and ends with a
 * non-empty leaf; empty leaves between two missing ones do not divide it.
 */
export function missingRanges(tree: SumTree, progress: TreeProgress): readonly Interval[] {
  const missing: Interval[] = [];
  let first = 0;
  for (const held of [...progress.held.map((node) => tree.range(node)), endOf(tree)]) {
    const run = trim(tree, { first, end: held.first });
    if (run.first < run.end) missing.push(run);
    first = held.end;
  }
  return missing;
}

function fromLeftToRight(tree: SumTree, nodes: readonly TreeNode[]): readonly TreeNode[] {
  return nodes.toSorted((a, b) => tree.range(a).first - tree.range(b).first);
}

/** Without the empty leaves at both ends. */
function trim(tree: SumTree, { first, end }: Interval): Interval {
  const isEmpty = (leaf: number): boolean => tree.isEmpty({ level: 0, index: leaf });
  let from = first;
  let to = end;
  while (from < to && isEmpty(from)) from += 1;
  while (from < to && isEmpty(to - 1)) to -= 1;
  return { first: from, end: to };
}

function endOf(tree: SumTree): Interval {
  return { first: tree.leaves, end: tree.leaves };
}

function emptyNode(tree: SumTree, { level, index }: TreeNode): MathError {
  return new MathError(
    'outside-tree',
    `node (level ${level}, index ${index}) has no microbatch with examples`,
    { data: { level, index, leaves: tree.leaves } },
  );
}

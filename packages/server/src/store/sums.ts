import type { Arena, TreeMerge, TreeNode } from '@paceline/math';
import { nodeKey } from '@paceline/math';
import { copyBytes } from '@paceline/protocol';
import { ServerError } from '../errors.ts';

/**
 * The sums of one bucket in the open round: a buffer for each node that is held. It adds what it is told to add, in
 * the tree's pairs, and decides nothing.
 */
export interface BucketSums {
  /**
   * Takes a node's bytes in (they are copied), frees what it replaces, adds what it completes. Gives back whether the
   * node itself, before any addition, had neither NaN nor infinity.
   */
  take(node: TreeNode, payload: Uint8Array, o: SumPlan): boolean;
  /** Where the sum of a held node is, in the arena. */
  pointerOf(node: TreeNode): number;
  /** Whether the sum of a held node has neither NaN nor infinity. What came as it is was looked at when it came. */
  isFinite(node: TreeNode): boolean;
  /** Frees all buffers. */
  clear(): void;
}

/** What a node's arrival makes of the sums that are held (see `addNode`). */
export interface SumPlan {
  readonly dropped: readonly TreeNode[];
  readonly merges: readonly TreeMerge[];
}

/** Opens the sums of a bucket of `length` floats in an arena. */
export function createBucketSums(arena: Arena, length: number): BucketSums {
  const bytes = length * Float32Array.BYTES_PER_ELEMENT;
  const held = new Map<number, number>();
  /** Of the held nodes that are still as they came. */
  const verdicts = new Map<number, boolean>();
  const pointerOf = (node: TreeNode): number => {
    const pointer = held.get(nodeKey(node));
    if (pointer !== undefined) return pointer;
    const name = `(${String(node.level)}, ${String(node.index)})`;
    throw new ServerError('impossible-state', `the sum of node ${name} is not held`);
  };
  const free = (node: TreeNode): void => {
    arena.free(pointerOf(node), bytes);
    held.delete(nodeKey(node));
    verdicts.delete(nodeKey(node));
  };
  const merge = ({ left, right, into }: TreeMerge): void => {
    const sum = pointerOf(left);
    arena.kernels.add(sum, sum, pointerOf(right), length);
    free(right);
    held.delete(nodeKey(left));
    verdicts.delete(nodeKey(left));
    held.set(nodeKey(into), sum);
  };
  return {
    take(node, payload, { dropped, merges }) {
      for (const old of dropped) free(old);
      const pointer = arena.allocate(bytes);
      copyBytes(arena.bytes(pointer, bytes), payload);
      held.set(nodeKey(node), pointer);
      const isFinite = arena.kernels.isFinite(pointer, length);
      verdicts.set(nodeKey(node), isFinite);
      for (const each of merges) merge(each);
      return isFinite;
    },
    pointerOf,
    isFinite: (node) =>
      verdicts.get(nodeKey(node)) ?? arena.kernels.isFinite(pointerOf(node), length),
    clear() {
      for (const pointer of held.values()) arena.free(pointer, bytes);
      held.clear();
      verdicts.clear();
    },
  };
}

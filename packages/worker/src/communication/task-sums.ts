import type { SumTree, TreeNode, TreeProgress } from '@paceline/math';
import { addNode, emptyProgress, nodeKey } from '@paceline/math';
import type { WorkRange } from '../lifecycle/state.ts';
import type { SumAreas } from './sum-areas.ts';

/** A slice of every area that is added as one: where it starts, and how many floats it has. */
export interface SumSlice {
  readonly dataOffset: number;
  readonly length: number;
}

/** A sum that is as large as it gets inside its task, and where its area is. */
export interface FinishedNode {
  readonly node: TreeNode;
  readonly pointer: number;
}

/**
 * The sums of one task: leaves come in, are added in the tree's pairs by our own kernel, and the fewest nodes that
 * cover the task's range come out. Their areas stay until the task is dropped.
 */
export interface TaskSums {
  /** Takes a leaf's area over; the nodes that it finished. */
  add(leaf: number, pointer: number): readonly FinishedNode[];
  /** Gives all areas back. */
  drop(): void;
}

/** Opens the sums of a range of a tree. `slices` are the parts of an area that carry numbers. */
export function createTaskSums(o: {
  readonly tree: SumTree;
  readonly range: WorkRange;
  readonly slices: readonly SumSlice[];
  readonly areas: SumAreas;
}): TaskSums {
  const { tree, areas } = o;
  const cover = new Set(tree.cover(o.range.first, o.range.end).map(nodeKey));
  const held = new Map<number, number>();
  let progress: TreeProgress = emptyProgress;

  const merge = (left: number, right: number): void => {
    for (const { dataOffset, length } of o.slices) {
      areas.arena.kernels.add(left + dataOffset, left + dataOffset, right + dataOffset, length);
    }
    areas.release(right);
  };
  const pointerOf = (node: TreeNode): number => {
    const pointer = held.get(nodeKey(node));
    if (pointer === undefined) throw new Error('a sum that the tree counts on is not held');
    return pointer;
  };
  return {
    add(leaf, pointer) {
      const arrival = addNode(tree, progress, { level: 0, index: leaf });
      if (arrival.kind === 'known') {
        areas.release(pointer);
        return [];
      }
      progress = arrival.progress;
      let top = tree.normalise({ level: 0, index: leaf });
      held.set(nodeKey(top), pointer);
      for (const { left, right, into } of arrival.merges) {
        const sum = pointerOf(left);
        merge(sum, pointerOf(right));
        held.delete(nodeKey(left));
        held.delete(nodeKey(right));
        held.set(nodeKey(into), sum);
        top = into;
      }
      return cover.has(nodeKey(top)) ? [{ node: top, pointer: pointerOf(top) }] : [];
    },
    drop() {
      for (const pointer of held.values()) areas.release(pointer);
      held.clear();
    },
  };
}

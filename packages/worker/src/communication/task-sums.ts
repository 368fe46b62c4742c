import type { SumTree, TreeNode, TreeProgress } from '@paceline/math';
import { addNode, emptyProgress, nodeKey } from '@paceline/math';
import type { WorkRange } from '../lifecycle/state.ts';
import type { SumAreas } from './sum-areas.ts';

/** A bucket's place in every area: where its numbers start, and how many floats they are. */
export interface SumSlice {
  readonly bucket: number;
  readonly dataOffset: number;
  readonly length: number;
}

/** A bucket of a sum that is as large as it gets inside its task, and the area that it is in. */
export interface FinishedNode {
  readonly bucket: number;
  readonly node: TreeNode;
  readonly pointer: number;
}

/**
 * The sums of one task: leaves come in, bucket by bucket or the rest at once, are added in the tree's pairs by our own kernel,
 * and the fewest nodes that cover the task's range come out. Areas with sums stay until the task is dropped.
 */
export interface TaskSums {
  /** Some buckets of a leaf, but not all, are final: the nodes that they finish. Its area is still written to. */
  add(leaf: number, pointer: number, buckets: readonly number[]): readonly FinishedNode[];
  /** All buckets of a leaf are final, of which the others finish these nodes; its area is taken over. */
  complete(leaf: number, pointer: number): readonly FinishedNode[];
  /** Gives back all areas that were taken over. */
  drop(): void;
}

/** Opens the sums of a range of a tree. `slices` are the parts of an area that carry numbers. */
export function createTaskSums(o: {
  readonly tree: SumTree;
  readonly range: WorkRange;
  readonly slices: readonly SumSlice[];
  readonly areas: SumAreas;
}): TaskSums {
  return new Sums(o.tree, o);
}

/** The sums of one bucket. */
interface BucketSums {
  readonly slice: SumSlice;
  /** By the key of the node. */
  readonly held: Map<number, number>;
  progress: TreeProgress;
}

/** What of an area is in use. */
interface AreaUse {
  /** Buckets that have not come yet. */
  readonly missing: Set<BucketSums>;
  /** Buckets whose numbers are not yet part of a sum in another area. */
  used: number;
}

class Sums implements TaskSums {
  private readonly tree: SumTree;
  private readonly cover: ReadonlySet<number>;
  private readonly areas: SumAreas;
  private readonly buckets: readonly BucketSums[];
  private readonly uses = new Map<number, AreaUse>();

  constructor(
    tree: SumTree,
    o: {
      readonly range: WorkRange;
      readonly slices: readonly SumSlice[];
      readonly areas: SumAreas;
    },
  ) {
    this.tree = tree;
    this.cover = new Set(tree.cover(o.range.first, o.range.end).map(nodeKey));
    this.areas = o.areas;
    this.buckets = o.slices.map((slice) => {
      return { slice, held: new Map(), progress: emptyProgress };
    });
  }

  add(leaf: number, pointer: number, buckets: readonly number[]): readonly FinishedNode[] {
    const { missing } = this.useOf(pointer);
    const which = [...missing].filter(({ slice }) => buckets.includes(slice.bucket));
    return which.flatMap((bucket) => this.take(bucket, leaf, pointer));
  }

  complete(leaf: number, pointer: number): readonly FinishedNode[] {
    const { missing } = this.useOf(pointer);
    return [...missing].flatMap((bucket) => this.take(bucket, leaf, pointer));
  }

  drop(): void {
    for (const [pointer, { missing }] of this.uses) {
      if (missing.size === 0) this.areas.release(pointer);
    }
    this.uses.clear();
  }

  private useOf(pointer: number): AreaUse {
    const known = this.uses.get(pointer);
    if (known !== undefined) return known;
    const use = { missing: new Set(this.buckets), used: this.buckets.length };
    this.uses.set(pointer, use);
    return use;
  }

  private take(sums: BucketSums, leaf: number, pointer: number): readonly FinishedNode[] {
    this.useOf(pointer).missing.delete(sums);
    const arrival = addNode(this.tree, sums.progress, { level: 0, index: leaf });
    if (arrival.kind === 'known') {
      this.leave(pointer);
      return [];
    }
    sums.progress = arrival.progress;
    let top = { node: arrival.node, pointer };
    sums.held.set(nodeKey(top.node), pointer);
    for (const { left, right, into } of arrival.merges) {
      top = { node: into, pointer: release(sums, left) };
      this.merge(sums.slice, top.pointer, release(sums, right));
      sums.held.set(nodeKey(into), top.pointer);
    }
    return this.cover.has(nodeKey(top.node)) ? [{ bucket: sums.slice.bucket, ...top }] : [];
  }

  private merge({ dataOffset, length }: SumSlice, left: number, right: number): void {
    const sum = left + dataOffset;
    this.areas.arena.kernels.add(sum, sum, right + dataOffset, length);
    this.leave(right);
  }

  /** A bucket of an area is needed no more. */
  private leave(pointer: number): void {
    const use = this.useOf(pointer);
    use.used -= 1;
    if (use.used > 0) return;
    this.uses.delete(pointer);
    this.areas.release(pointer);
  }
}

/** The area with the sum of a node, which from here on is nobody's. */
function release({ held }: BucketSums, node: TreeNode): number {
  const key = nodeKey(node);
  const pointer = held.get(key);
  if (pointer === undefined) throw new Error('a sum that the tree counts on is not held');
  held.delete(key);
  return pointer;
}

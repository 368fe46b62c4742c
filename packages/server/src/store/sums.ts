import type { Arena, TreeMerge, TreeNode } from '@paceline/math';
import { nodeKey } from '@paceline/math';
import { copyBytes } from '@paceline/protocol';
import { ServerError } from '../errors.ts';
import type { Landing, Range } from './landing.ts';

/**
 * The sums of one bucket in the open round: a buffer for each node that is held. It adds what it is told to add, in
 * the tree's pairs, and decides nothing.
 */
export interface BucketSums {
  /**
   * Takes a node's bytes in (where they have landed, or as a copy, or added to what they complete), frees what it replaces,
   * adds what follows.
   * Gives back whether the node itself, before any addition, had neither NaN nor infinity.
   */
  take(node: TreeNode, payload: Uint8Array, o: SumPlan): boolean;
  /** Where the sum of a held node is, in the arena. */
  pointerOf(node: TreeNode): number;
  /** Whether the sum of a held node has neither NaN nor infinity; known since it was made. */
  isFinite(node: TreeNode): boolean;
  /** Frees all buffers. */
  clear(): void;
}

/** What a node's arrival makes of the sums that are held (see `addNode`). */
export interface SumPlan {
  readonly dropped: readonly TreeNode[];
  readonly merges: readonly TreeMerge[];
}

interface Held {
  readonly pointer: number;
  /** The memory that it is in. */
  readonly range: Range;
  readonly isFinite: boolean;
}

/** Opens the sums of a bucket of `length` floats in an arena. */
export function createBucketSums(arena: Arena, length: number, landing: Landing): BucketSums {
  return new Sums(arena, length, landing);
}

class Sums implements BucketSums {
  private readonly held = new Map<number, Held>();
  private readonly arena: Arena;
  private readonly length: number;
  private readonly landing: Landing;

  constructor(arena: Arena, length: number, landing: Landing) {
    this.arena = arena;
    this.length = length;
    this.landing = landing;
  }

  take(node: TreeNode, payload: Uint8Array, { dropped, merges }: SumPlan): boolean {
    for (const old of dropped) this.free(this.release(old));
    const [first, ...rest] = merges;
    const sibling = first && siblingOf(node, first);
    const landed = this.landing.pointerOf(payload, this.arena);
    if (first === undefined || sibling === undefined || landed === undefined) {
      const isAligned = landed !== undefined && landed % Float32Array.BYTES_PER_ELEMENT === 0;
      const own = isAligned ? this.keep(landed) : this.copyIn(payload);
      this.held.set(nodeKey(node), own);
      for (const each of merges) this.merge(each);
      return own.isFinite;
    }
    const isFinite = this.add(this.release(sibling), landed, first.into);
    for (const each of rest) this.merge(each);
    return isFinite;
  }

  pointerOf(node: TreeNode): number {
    return this.get(node).pointer;
  }

  isFinite(node: TreeNode): boolean {
    return this.get(node).isFinite;
  }

  clear(): void {
    for (const held of this.held.values()) this.free(held);
    this.held.clear();
  }

  private copyIn(payload: Uint8Array): Held {
    const { length } = payload;
    const pointer = this.arena.allocate(length);
    copyBytes(this.arena.bytes(pointer, length), payload);
    return this.checked(pointer, { pointer, bytes: length });
  }

  private keep(landed: number): Held {
    return this.checked(landed, this.landing.keep());
  }

  private checked(pointer: number, range: Range): Held {
    return { pointer, range, isFinite: this.arena.kernels.isFinite(pointer, this.length) };
  }

  private merge({ left, right, into }: TreeMerge): void {
    const [sum, other] = [this.release(left), this.release(right)];
    this.add(sum, other.pointer, into);
    this.free(other);
  }

  /** Adds to a sum, which becomes that of `into`; whether what was added is finite. Which side is which does not matter to bits. */
  private add(sum: Held, other: number, into: TreeNode): boolean {
    const { pointer } = sum;
    const checked = this.arena.kernels.addChecked(pointer, pointer, other, this.length);
    this.held.set(nodeKey(into), { ...sum, isFinite: checked.isSumFinite });
    return checked.isRightFinite;
  }

  private get(node: TreeNode): Held {
    const held = this.held.get(nodeKey(node));
    if (held !== undefined) return held;
    const name = `(${String(node.level)}, ${String(node.index)})`;
    throw new ServerError('impossible-state', `the sum of node ${name} is not held`);
  }

  /** The sum of a node, which from here on is nobody's. */
  private release(node: TreeNode): Held {
    const held = this.get(node);
    this.held.delete(nodeKey(node));
    return held;
  }

  private free({ range }: Held): void {
    this.arena.free(range.pointer, range.bytes);
  }
}

/** The other side of a merge; undefined for a node that is neither. */
function siblingOf(node: TreeNode, { left, right }: TreeMerge): TreeNode | undefined {
  const key = nodeKey(node);
  if (key === nodeKey(left)) return right;
  return key === nodeKey(right) ? left : undefined;
}

import type { Arena, TreeMerge, TreeNode } from '@paceline/math';
import { nodeKey } from '@paceline/math';
import { copyBytes } from '@paceline/protocol';
import { ServerError } from '../errors.ts';
import type { Landing } from './landing.ts';

/**
 * The sums of one bucket in the open round: a buffer for each node that is held. It adds what it is told to add, in
 * the tree's pairs, and decides nothing.
 */
export interface BucketSums {
  /**
   * Takes a node's bytes in (they are copied, or added to what they complete), frees what it replaces, adds what follows.
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
    for (const old of dropped) this.free(this.release(old).pointer);
    const [first, ...rest] = merges;
    const sibling = first && siblingOf(node, first);
    const landed = this.landing.pointerOf(payload, this.arena);
    if (first === undefined || sibling === undefined || landed === undefined) {
      const own = this.copyIn(payload);
      this.held.set(nodeKey(node), own);
      for (const each of merges) this.merge(each);
      return own.isFinite;
    }
    const isFinite = this.add(this.release(sibling).pointer, landed, first.into);
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
    for (const { pointer } of this.held.values()) this.free(pointer);
    this.held.clear();
  }

  private copyIn(payload: Uint8Array): Held {
    const pointer = this.arena.allocate(this.bytes);
    copyBytes(this.arena.bytes(pointer, this.bytes), payload);
    return { pointer, isFinite: this.arena.kernels.isFinite(pointer, this.length) };
  }

  private merge({ left, right, into }: TreeMerge): void {
    const [{ pointer: sum }, { pointer: other }] = [this.release(left), this.release(right)];
    this.add(sum, other, into);
    this.free(other);
  }

  /** Adds to a sum, which becomes that of `into`; whether what was added is finite. Which side is which does not matter to bits. */
  private add(sum: number, other: number, into: TreeNode): boolean {
    const checked = this.arena.kernels.addChecked(sum, sum, other, this.length);
    this.held.set(nodeKey(into), { pointer: sum, isFinite: checked.isSumFinite });
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

  private get bytes(): number {
    return this.length * Float32Array.BYTES_PER_ELEMENT;
  }

  private free(pointer: number): void {
    this.arena.free(pointer, this.bytes);
  }
}

/** The other side of a merge; undefined for a node that is neither. */
function siblingOf(node: TreeNode, { left, right }: TreeMerge): TreeNode | undefined {
  const key = nodeKey(node);
  if (key === nodeKey(left)) return right;
  return key === nodeKey(right) ? left : undefined;
}

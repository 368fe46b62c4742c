/**
 * The optimizer family: what turns the summed gradient of a bucket into the next version of its parameters.
 *
 * The server owns it. State lives in flat Float32 vectors beside the parameters ("slots", as long as the bucket), the
 * operations and their order are fixed, and everything runs in the kernels: same inputs, same bits.
 */
import type { AttachedArena } from '../arena.ts';

/** One bucket at one step. All pointers are byte addresses in the arena, of `count` floats each; the caller owns all of it. */
export interface BucketUpdate {
  readonly arena: Pick<AttachedArena, 'kernels'>;
  /** Version v: only read. */
  readonly parameters: number;
  /** Version v + 1: written. Never the same memory as `parameters`, which must stay readable. */
  readonly target: number;
  /** The root of the sum tree; may be overwritten. */
  readonly gradient: number;
  /** What makes a mean of the sum: Math.fround(1 / total weight). */
  readonly scale: number;
  /** One pointer for each of the optimizer's slots, in that order; updated in place. Zeros before the first step. */
  readonly slots: readonly number[];
  readonly count: number;
  /** The step s = v, from 0. */
  readonly step: number;
}

/** A member of the family. */
export interface Optimizer {
  readonly type: string;
  /** Names of the state vectors that it needs, in the order in which `update` takes and a checkpoint keeps them. */
  readonly slots: readonly string[];
  /** Writes `target` and the slots. Blocks for the time of one pass over the bucket. */
  update(update: BucketUpdate): void;
}

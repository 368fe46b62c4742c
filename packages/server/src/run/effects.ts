import type { CloseName, ControlMessage, RunEvent } from '@paceline/protocol';
import type { TreeNode } from '@paceline/math';
import type { CheckpointSections } from '../checkpoint/storage.ts';
import type { UpdateRequest, UpdateTerms } from '../store/parameter-store.ts';
import type { RunEnd, RunShape } from './state.ts';

/** Everything that a decision can ask for; the executor does it, in order, and decides nothing. */
export type RunEffect =
  | {
      readonly kind: 'welcome';
      readonly to: number;
      readonly session: string;
      readonly name: string;
    }
  | { readonly kind: 'send'; readonly to: number; readonly message: ControlMessage }
  | {
      readonly kind: 'close';
      readonly to: number;
      readonly because: CloseName;
      readonly reason: string;
    }
  /** Make room for the run's parameters. */
  | { readonly kind: 'allocate'; readonly shape: RunShape }
  | { readonly kind: 'store-initial'; readonly bucket: number; readonly payload: Uint8Array }
  /** Hash what was uploaded; comes back as `initialized`. */
  | { readonly kind: 'seal-initial' }
  /** Send all parameter buckets at `version`, and those of `ahead` at version + 1 behind them. */
  | {
      readonly kind: 'snapshot';
      readonly to: number;
      readonly version: number;
      readonly ahead: readonly number[];
    }
  /** Send the average of the parameters at this version, which is the newest. */
  | { readonly kind: 'averages'; readonly to: number; readonly version: number }
  /** Take a node's bytes in, drop what it replaces, add what it completes. */
  | {
      readonly kind: 'sum';
      readonly bucket: number;
      readonly node: TreeNode;
      readonly payload: Uint8Array;
      /** Its sender's connection: if the node is not finite, that comes back as `suspect`. */
      readonly from: number;
      readonly dropped: readonly TreeNode[];
      readonly merges: readonly {
        readonly left: TreeNode;
        readonly right: TreeNode;
        readonly into: TreeNode;
      }[];
    }
  /** Look whether a bucket's root is finite; comes back as `root`. */
  | { readonly kind: 'check-root'; readonly bucket: number; readonly root: TreeNode }
  /** All sums are there: what the update of any bucket needs to know of all of them; comes back as `prepared`. */
  | ({ readonly kind: 'prepare' } & UpdateTerms)
  /** Write version + 1 of a bucket beside version; `skip` copies it. */
  | ({ readonly kind: 'update' } & UpdateRequest)
  | {
      readonly kind: 'publish';
      readonly bucket: number;
      readonly version: number;
      readonly to: readonly number[];
    }
  /** Keep a copy of the model of this version: it is the best so far. */
  | { readonly kind: 'keep-best'; readonly version: number }
  /** Forget the sums of a bucket: it is computed once more. */
  | { readonly kind: 'clear-bucket'; readonly bucket: number }
  /** The round is closed: its accumulators may go. */
  | { readonly kind: 'clear-round' }
  | { readonly kind: 'count'; readonly what: 'duplicate' | 'late' | 'violation' }
  | { readonly kind: 'emit'; readonly event: RunEvent }
  | { readonly kind: 'log'; readonly level: 'info' | 'warn'; readonly text: string }
  /** The run exists: version 0 is complete. */
  | { readonly kind: 'begin' }
  /** Copy the whole state at this version and write it in the background; comes back as `checkpointed` or `checkpoint-failed`. */
  | {
      readonly kind: 'checkpoint';
      readonly version: number;
      readonly sections: CheckpointSections;
    }
  | { readonly kind: 'end'; readonly end: RunEnd; readonly version: number };

import type { MessageOf } from '@paceline/protocol';
import type { TreeNode } from '@paceline/math';

/** Everything that can happen to a run. Bytes ride along untouched; decisions never look at them. */
export type RunInput =
  | { readonly kind: 'connected'; readonly connection: number }
  | {
      readonly kind: 'hello';
      readonly connection: number;
      readonly hello: MessageOf<'hello'>;
      /** The secret it gets if it comes without one that is known. */
      readonly freshSession: string;
    }
  | { readonly kind: 'layout'; readonly connection: number; readonly layout: MessageOf<'layout'> }
  | {
      readonly kind: 'initial';
      readonly connection: number;
      readonly bucket: number;
      readonly payload: Uint8Array;
    }
  /** All initial weights are in the store; this is their digest. */
  | { readonly kind: 'initialized'; readonly digest: string }
  | {
      readonly kind: 'node';
      readonly connection: number;
      /** Which kind of round it is of, and of which version. */
      readonly round: 'step' | 'evaluation';
      readonly version: number;
      readonly node: TreeNode;
      readonly bucket: number;
      readonly payload: Uint8Array;
    }
  /** The root of a bucket was checked; `scalars` comes with bucket 0. */
  | {
      readonly kind: 'root';
      readonly bucket: number;
      readonly finite: boolean;
      readonly scalars?: Float32Array;
    }
  | { readonly kind: 'heartbeat'; readonly connection: number; readonly phase: string }
  | { readonly kind: 'fault'; readonly connection: number; readonly message: string }
  | { readonly kind: 'goodbye'; readonly connection: number; readonly reason: string }
  | { readonly kind: 'closed'; readonly connection: number; readonly reason: string }
  /** The worker broke the protocol; `reason` says how. */
  | { readonly kind: 'violation'; readonly connection: number; readonly reason: string }
  | { readonly kind: 'silent'; readonly connection: number; readonly silentMs: number }
  | { readonly kind: 'tick' }
  | { readonly kind: 'resume' }
  | { readonly kind: 'stop'; readonly reason: string };

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
      readonly term: number;
      readonly version: number;
      readonly node: TreeNode;
      readonly bucket: number;
      readonly payload: Uint8Array;
    }
  /** A node that was just taken in has a NaN or an infinity in it. */
  | {
      readonly kind: 'suspect';
      readonly connection: number;
      readonly bucket: number;
      readonly node: TreeNode;
    }
  /** The root of a bucket was checked; `scalars` comes with bucket 0. */
  | {
      readonly kind: 'root';
      readonly bucket: number;
      readonly finite: boolean;
      readonly scalars?: Float32Array;
    }
  /** All sums were gone over, as an update needs to know of them; the norm of the mean gradient, where it is watched. */
  | { readonly kind: 'prepared'; readonly gradientNorm: number | undefined }
  | {
      readonly kind: 'heartbeat';
      readonly connection: number;
      readonly phase: string;
      readonly leafMicros: number | undefined;
      /** How much longer the worker expects to be busy, in milliseconds. */
      readonly busyMs: number | undefined;
    }
  | { readonly kind: 'fault'; readonly connection: number; readonly message: string }
  | { readonly kind: 'goodbye'; readonly connection: number; readonly reason: string }
  | { readonly kind: 'closed'; readonly connection: number; readonly reason: string }
  /** The worker broke the protocol; `reason` says how. */
  | { readonly kind: 'violation'; readonly connection: number; readonly reason: string }
  /** The token that a connection came with is no longer valid. */
  | { readonly kind: 'revoked'; readonly connection: number }
  /** Parameters pile up on a connection, or have all left again. */
  | { readonly kind: 'backlog'; readonly connection: number; readonly isBehind: boolean }
  | {
      readonly kind: 'checkpointed';
      readonly version: number;
      readonly path: string;
      readonly tookMs: number;
    }
  | { readonly kind: 'checkpoint-failed'; readonly version: number; readonly reason: string }
  /** A run that goes on from a checkpoint: it is in the store. */
  | { readonly kind: 'restored' }
  /** Time passes; `signs` has the last byte of each connection. */
  | { readonly kind: 'tick'; readonly signs: ReadonlyMap<number, number> }
  | { readonly kind: 'pause' }
  | { readonly kind: 'resume' }
  | { readonly kind: 'save' }
  | { readonly kind: 'scale'; readonly workers: number }
  /** `goesOn`: another server is to go on from the checkpoint. */
  | { readonly kind: 'stop'; readonly reason: string; readonly goesOn?: boolean };

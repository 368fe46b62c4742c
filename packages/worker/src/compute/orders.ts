import type { SharedMemory } from '@paceline/math';
import type { MessageOf } from '@paceline/protocol';

/** What the communication thread asks of the compute loop. Orders are done one after the other, in their order. */
export type ComputeOrder =
  /** Load the backend, build model and data. */
  | { readonly kind: 'prepare'; readonly welcome: MessageOf<'welcome'> }
  /** These are the areas that both threads share from now on. */
  | { readonly kind: 'attach'; readonly areas: SharedAreas }
  /** Write the initial parameters into parameter area 0. */
  | { readonly kind: 'initial' }
  | (LeafArea & { readonly kind: 'gradient' })
  | (LeafOrder & { readonly kind: 'evaluate' });

/** A leaf to compute: microbatch `leaf` of step `version`, or block `leaf` of the test split, on that version. */
export interface LeafOrder {
  readonly task: number;
  readonly leaf: number;
  readonly version: number;
}

/** Memory that both threads see. */
export interface SharedAreas {
  /** The arena's memory, where leaves and sums are. */
  readonly memory: SharedMemory;
  /** The whole flat vector twice; version v is in area v modulo 2. */
  readonly parameters: readonly [Float32Array, Float32Array];
  /** Where the run averages its parameters: what trainable ones are in evaluations. */
  readonly average?: Float32Array;
}

/** What the worker built: the layout message but for its kind. */
export type LayoutFacts = Omit<MessageOf<'layout'>, 'kind'>;

/** A leaf, and the area that it is written to. */
export interface LeafArea extends LeafOrder {
  readonly pointer: number;
}

/** What the compute loop answers. */
export type ComputeReply =
  | { readonly kind: 'prepared'; readonly layout: LayoutFacts; readonly notices: readonly string[] }
  | { readonly kind: 'initial' }
  /** These buckets of a leaf are final: nothing is written to them any more. The others follow. */
  | (LeafArea & { readonly kind: 'buckets'; readonly buckets: readonly number[] })
  /** The whole leaf is there; the area is the communication side's. It took so many microseconds. */
  | (LeafArea & { readonly kind: 'gradient'; readonly micros: number })
  | {
      readonly kind: 'evaluated';
      readonly task: number;
      readonly leaf: number;
      readonly version: number;
      readonly scalars: Float32Array;
    }
  /** `code` is the exit code that the failure deserves. */
  | { readonly kind: 'failed'; readonly code: number; readonly message: string }
  /** Asked to leave (SIGTERM reaches only the main thread). */
  | { readonly kind: 'leave'; readonly reason: string };

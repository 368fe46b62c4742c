import type { Round } from '../leases/round.ts';

/** How a node's version relates to what the policy takes now. */
export type Timeliness = 'current' | 'late' | 'future';

/**
 * When the server advances, and on what a worker may compute. A policy only decides: it is asked after every
 * arrival and holds no state of its own.
 */
export interface StepPolicy {
  readonly name: string;
  /** Whether a node computed on `version` may be added while `open` is the open version. */
  judge(version: number, open: number): Timeliness;
  /** The buckets that may be written at version + 1 now, in ascending order. */
  updatable(round: Round, o: { readonly wholeVector: boolean }): readonly number[];
}

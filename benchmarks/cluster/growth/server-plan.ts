import type { FakeSize } from '../fake/job.ts';

/** What a server to be measured is started with. */
export interface ServerPlan extends FakeSize {
  readonly warmUpSteps: number;
  readonly blockSteps: number;
  /** How many blocks will be asked for at most. */
  readonly blocks: number;
}

/** What a server says of a block of steps; bytes and seconds are of the whole block. */
export interface ServerBlock {
  readonly seconds: number;
  /** Of all threads of its process. */
  readonly cpuMs: number;
  readonly receivedBytes: number;
  readonly receivedSumBytes: number;
  readonly sentBytes: number;
  /** The most that waited to be sent for one connection. */
  readonly longestQueueBytes: number;
  /** Partial sums that were taken in. */
  readonly sums: number;
  /** Who is there at its end. */
  readonly workers: number;
  /** The most that was resident so far. */
  readonly residentPeakBytes: number;
}

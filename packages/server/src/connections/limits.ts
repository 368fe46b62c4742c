import type { Limits } from '@paceline/protocol';
import type { Deadlines } from '../run/state.ts';

/** Room for a message's prefix, and for layouts with long topologies. */
const controlBytes = 16 * 2 ** 20;

/** The largest frame that a run needs. */
export function largestFrameBytes(bucketBytes: number): number {
  return Math.max(controlBytes, bucketBytes + 4096);
}

/** What both sides keep to, from the size of a bucket: `maxFrameBytes` is a plan, not a default. */
export function planLimits(
  bucketBytes: number,
  { heartbeatMs, silenceMs }: Pick<Deadlines, 'heartbeatMs' | 'silenceMs'>,
): Limits {
  return {
    maxFrameBytes: largestFrameBytes(bucketBytes),
    creditBytes: Math.max(8 * 2 ** 20, 8 * bucketBytes),
    heartbeatMs,
    silenceMs,
  };
}

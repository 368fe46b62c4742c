import type { Limits } from '@paceline/protocol';

/** Room for a message's prefix, and for layouts with long topologies. */
const controlBytes = 16 * 2 ** 20;
const heartbeatMs = 1000;

/** What both sides keep to, from the size of a bucket: `maxFrameBytes` is a plan, not a default. */
export function planLimits(bucketBytes: number, silenceMs: number): Limits {
  return {
    maxFrameBytes: Math.max(controlBytes, bucketBytes + 4096),
    creditBytes: Math.max(8 * 2 ** 20, 8 * bucketBytes),
    heartbeatMs: Math.min(heartbeatMs, Math.floor(silenceMs / 4)),
    silenceMs,
  };
}

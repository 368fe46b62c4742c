import type { Guard } from '@paceline/transport';
import { largestFrameBytes } from './limits.ts';

/** Workers that a server takes when nobody says how many. */
const usualMostWorkers = 1024;
const maxStrangers = 64;
/** More than any hello; a layout, which may be large, comes after the welcome. */
const strangerBytes = 64 * 2 ** 10;
const graceMs = 1_000;

/** One read of a socket: so much may lie in memory beyond what was counted. */
const readBytes = 64 * 2 ** 10;
/** What a socket costs by itself: the system's and Node's objects, an HTTP parser, timers. */
const socketBytes = 64 * 2 ** 10;
/** Pieces of an incomplete frame are objects too: the limit on their number is the frame's bytes / 512. */
const overheadOfPieces = 0.5;
/** The largest header while it is decoded and checked: one at a time, as all is done in one turn of the event loop. */
const decodingBytes = 128 * 2 ** 20;
/** What the collector has not taken back yet. */
const garbageBytes = 128 * 2 ** 20;

/** What strangers may take, for a run of at most `maxWorkers`. */
export function planGuard(maxWorkers: number = usualMostWorkers): Guard {
  const workers = Math.min(maxWorkers, usualMostWorkers);
  return { maxConnections: workers + 2 * maxStrangers, maxStrangers, graceMs, strangerBytes };
}

/**
 * The most memory in bytes that a server's *inbound* side may take, whatever is sent to it: a formula of the job's
 * `bucketBytes` and of how many connections were welcomed and are not gone yet. The run's own numbers (parameters,
 * optimizer, sums) and what waits to leave for workers come on top.
 */
export function inboundMemoryBytes(o: {
  readonly bucketBytes: number;
  readonly workers: number;
}): number {
  const maxFrameBytes = largestFrameBytes(o.bucketBytes);
  const strangers = 2 * maxStrangers * (strangerBytes + readBytes + socketBytes);
  const worker = maxFrameBytes * (1 + overheadOfPieces) + readBytes + socketBytes;
  // A frame that came in pieces is put together once more; one at a time.
  return strangers + o.workers * worker + maxFrameBytes + decodingBytes + garbageBytes;
}

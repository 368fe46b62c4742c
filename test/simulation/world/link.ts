import type { Gate } from './gate.ts';
import { createGate } from './gate.ts';

/** One direction of the way between a machine and the server's; all its connections share it. Faults change it. */
export interface Lane {
  /** Shut while the network is partitioned: what is under way waits, as TCP sends it again until it gets through. */
  readonly gate: Gate;
  latencyMs: number;
  /** Drawn anew for every frame, on top. */
  jitterMs: number;
  bytesPerMs: number;
}

/** The way between a machine and the server's. */
export interface Link {
  readonly up: Lane;
  readonly down: Lane;
}

/** What a lane is like when nothing is wrong. */
export type LaneQuality = Pick<Lane, 'latencyMs' | 'jitterMs' | 'bytesPerMs'>;

/** A healthy link. */
export function createLink(quality: LaneQuality): Link {
  return { up: { gate: createGate(), ...quality }, down: { gate: createGate(), ...quality } };
}

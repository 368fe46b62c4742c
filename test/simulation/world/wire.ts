import type { Gate } from './gate.ts';
import { createGate } from './gate.ts';
import type { Lane } from './link.ts';
import type { Timeline } from './timeline.ts';

/** What travels: a frame, a sign of life, or one of the ways in which connections end. */
export type Parcel =
  | {
      readonly kind: 'frame';
      readonly frame: Uint8Array;
      readonly sent?: (() => void) | undefined;
      /** Put there by a fault, not sent by the process. */
      readonly isForged?: boolean;
    }
  | { readonly kind: 'ping' | 'pong' }
  /** A close message and the answer to it. */
  | { readonly kind: 'close' | 'closed'; readonly code: number; readonly reason: string }
  /** The system of the other side says that there is no such connection any more. */
  | { readonly kind: 'reset' };

/** Counts what is under way, over all connections. */
export interface Traffic {
  /** Parcels that matter to the run and have not arrived: all but signs of life. */
  underWay: number;
}

/** What a wire is made of. */
export interface WireOptions {
  readonly timeline: Timeline;
  readonly lane: Lane;
  readonly traffic: Traffic;
  /** A number in [0, 1) for each parcel. */
  readonly uniform: () => number;
  /** A frame has left its sender; the bytes are a copy. */
  readonly onDeparture: (frame: Uint8Array, isForged: boolean) => void;
  readonly onArrival: (parcel: Parcel) => void;
}

/**
 * One direction of one connection: first in, first out, nothing lost while it lives. A parcel leaves when those before
 * it have, takes its time, and may have to wait at a gate.
 */
export interface Wire {
  readonly queuedBytes: number;
  /** Shut to keep back what is under way on this connection alone. */
  readonly gate: Gate;
  post(parcel: Parcel): void;
  /** Sends behind what has left already, ahead of what has not. */
  postNow(parcel: Parcel): void;
  /** Drops what has not left; its owners are told so. */
  abandon(): void;
}

const smallParcelBytes = 2;

/** Opens a wire. */
export function createWire(options: WireOptions): Wire {
  const { timeline, lane, traffic } = options;
  const gate = createGate();
  const queue: Parcel[] = [];
  let queuedBytes = 0;
  let lastArrivalMs = 0;
  let isSending = false;

  const travel = (parcel: Parcel): void => {
    const delayMs = lane.latencyMs + options.uniform() * lane.jitterMs;
    lastArrivalMs = Math.max(lastArrivalMs, timeline.nowMs + delayMs);
    timeline.after(lastArrivalMs - timeline.nowMs, () => {
      lane.gate.pass(() => {
        gate.pass(() => {
          traffic.underWay -= weightOf(parcel);
          options.onArrival(parcel);
        });
      });
    });
  };
  const depart = (): void => {
    isSending = false;
    const parcel = queue.shift();
    if (parcel === undefined) return;
    queuedBytes -= bytesOf(parcel);
    if (parcel.kind === 'frame') {
      const frame = parcel.frame.slice();
      travel({ kind: 'frame', frame });
      options.onDeparture(frame, parcel.isForged ?? false);
      parcel.sent?.();
    } else {
      travel(parcel);
    }
    pump();
  };
  const pump = (): void => {
    const first = queue[0];
    if (first === undefined || isSending) return;
    isSending = true;
    timeline.after(bytesOf(first) / lane.bytesPerMs, () => {
      lane.gate.pass(depart);
    });
  };
  return {
    gate,
    get queuedBytes() {
      return queuedBytes;
    },
    post(parcel) {
      traffic.underWay += weightOf(parcel);
      queuedBytes += bytesOf(parcel);
      queue.push(parcel);
      pump();
    },
    postNow(parcel) {
      traffic.underWay += weightOf(parcel);
      travel(parcel);
    },
    abandon() {
      queuedBytes = 0;
      for (const parcel of queue.splice(0)) {
        traffic.underWay -= weightOf(parcel);
        if (parcel.kind === 'frame') parcel.sent?.();
      }
    },
  };
}

function weightOf({ kind }: Parcel): number {
  return kind === 'ping' || kind === 'pong' ? 0 : 1;
}

function bytesOf(parcel: Parcel): number {
  return parcel.kind === 'frame' ? parcel.frame.byteLength : smallParcelBytes;
}

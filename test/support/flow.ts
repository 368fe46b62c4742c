import type { Socket } from 'node:net';

/** Which way bytes travel. */
export type Direction = 'up' | 'down';

/** `cut` counts connections, `corrupt` bytes, the others the pieces of the stream that they met. */
export type Fault = 'cut' | 'delay' | 'throttle' | 'halfOpen' | 'corrupt';

/** What is wrong with the network at the moment. Shared by all flows; changed by the proxy alone. */
export interface Faults {
  delayMs: number;
  bytesPerSecond: number;
  isHalfOpen: boolean;
  readonly corruptBytes: Record<Direction, number>;
  readonly fired: Record<Fault, number>;
}

/** One direction of one connection through a proxy. */
export interface Flow {
  /** Forgets what is still held back. */
  stop(): void;
}

/** A piece of the stream on its way, or its end. */
interface Parcel {
  readonly dueMs: number;
  readonly bytes: Buffer | undefined;
}

/**
 * Carries bytes from one socket to another, with the faults of the moment. What is held back stays in order; while it is
 * too much, nothing more is read, so that the sender feels the throttle as it would feel a slow network.
 */
export function createFlow(
  from: Socket,
  to: Socket,
  { direction, faults }: { readonly direction: Direction; readonly faults: Faults },
): Flow {
  const held: Parcel[] = [];
  let heldBytes = 0;
  let freeAtMs = 0;
  let timer: NodeJS.Timeout | undefined;

  function take(bytes: Buffer | undefined): void {
    const size = bytes?.length ?? 0;
    const nowMs = performance.now();
    const { delayMs, bytesPerSecond, fired } = faults;
    if (delayMs > 0) fired.delay += 1;
    if (bytesPerSecond < Infinity) fired.throttle += 1;
    freeAtMs = Math.max(freeAtMs, nowMs) + (size / bytesPerSecond) * 1000;
    held.push({ dueMs: freeAtMs + delayMs, bytes });
    heldBytes += size;
    if (heldBytes > mostHeldBytes) from.pause();
    schedule();
  }

  function schedule(): void {
    const [next] = held;
    if (!next || timer) return;
    const waitMs = next.dueMs - performance.now();
    if (waitMs <= 0) return deliver();
    timer = setTimeout(deliver, waitMs);
  }

  function deliver(): void {
    timer = undefined;
    const parcel = held.shift();
    if (parcel?.bytes) {
      heldBytes -= parcel.bytes.length;
      if (heldBytes <= mostHeldBytes) from.resume();
      if (!to.write(parcel.bytes)) waitForRoom();
    } else if (parcel) {
      to.end();
    }
    schedule();
  }

  function waitForRoom(): void {
    from.pause();
    to.once('drain', () => from.resume());
  }

  from.on('data', (chunk: Buffer) => {
    if (faults.isHalfOpen) faults.fired.halfOpen += 1;
    else take(damaged(chunk, direction, faults));
  });
  from.on('end', () => take(undefined));
  from.on('error', () => to.destroy());
  from.on('close', (hadError) => {
    if (hadError || !from.readableEnded) to.destroy();
  });
  return {
    stop: () => {
      clearTimeout(timer);
      held.length = 0;
    },
  };
}

const mostHeldBytes = 2 ** 20;

/** The bytes with those flipped that are to be corrupted; a copy, if there are any. */
function damaged(chunk: Buffer, direction: Direction, faults: Faults): Buffer {
  const count = Math.min(faults.corruptBytes[direction], chunk.length);
  if (count === 0) return chunk;
  faults.corruptBytes[direction] -= count;
  faults.fired.corrupt += count;
  const copy = Buffer.from(chunk);
  for (let i = 0; i < count; i++) copy[i] = (copy[i] ?? 0) ^ 0xff;
  return copy;
}

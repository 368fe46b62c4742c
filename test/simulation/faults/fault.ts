import type { DamageKind } from './damage.ts';
import type { StrangerKind } from './stranger.ts';

/** Something that happens again and again, and can set a fault off. */
export interface Point {
  /**
   * A machine begins a leaf; a node has left a machine; a bucket has left the server for a machine; the machine `server`
   * has done the step before a version, evaluated a version, or has its checkpoint on disk.
   */
  readonly on: 'leaf' | 'node' | 'parameters' | 'step' | 'evaluation' | 'checkpoint';
  readonly machine: string;
  /** Of the parameters: what the leaf is computed on, the node's step, the bucket's version. */
  readonly version: number;
}

/** When a fault strikes: at a time, or so long after something happens for the `nth` time (from 0). */
export type Moment =
  | { readonly on: 'time'; readonly ms: number }
  | (Point & { readonly nth: number; readonly delayMs: number });

/** What strikes a worker's machine, or `server` where that makes sense. */
export type Mischief =
  /** SIGKILL; a new process starts after a while. */
  | { readonly kind: 'crash'; readonly machine: string; readonly restartMs: number }
  /** The backend throws in the next leaf. */
  | { readonly kind: 'break-down'; readonly machine: string }
  /** One gradient is not finite. */
  | { readonly kind: 'nonsense'; readonly machine: string }
  /** SIGTERM; a new process starts after a while. */
  | { readonly kind: 'drain'; readonly machine: string; readonly restartMs: number }
  /** SIGSTOP, later SIGCONT. */
  | { readonly kind: 'pause'; readonly machine: string; readonly forMs: number }
  | {
      readonly kind: 'slow';
      readonly machine: string;
      readonly factor: number;
      readonly forMs: number;
    }
  /** The connection is reset. */
  | { readonly kind: 'cut'; readonly machine: string }
  /** Nothing gets through, in one direction or both; nobody is told. */
  | {
      readonly kind: 'partition';
      readonly machine: string;
      readonly way: 'up' | 'down' | 'both';
      readonly forMs: number;
    }
  | {
      readonly kind: 'delay';
      readonly machine: string;
      readonly addMs: number;
      readonly forMs: number;
    }
  | {
      readonly kind: 'throttle';
      readonly machine: string;
      readonly bytesPerMs: number;
      readonly forMs: number;
    }
  /** The worker loses its connection; what is under way on it arrives when it has long come back on another. */
  | { readonly kind: 'linger'; readonly machine: string; readonly forMs: number }
  /** The last node that left comes again. */
  | {
      readonly kind: 'duplicate';
      readonly machine: string;
      readonly afterMs: number;
      readonly copies: number;
    }
  /** A frame that no worker (or no server) sends. */
  | { readonly kind: 'malformed'; readonly machine: string; readonly damage: DamageKind }
  /** Somebody connects who is no worker. */
  | { readonly kind: 'stranger'; readonly says: StrangerKind }
  /** Another process comes under the name of the machine's worker. */
  | { readonly kind: 'twin'; readonly machine: string }
  /** A worker joins that was not there before. */
  | { readonly kind: 'join'; readonly machine: string }
  /** Somebody sets the wall clock. */
  | { readonly kind: 'clock-jump'; readonly machine: string; readonly ms: number }
  /** SIGKILL of the server; a new process starts on the same storage after a while. */
  | { readonly kind: 'server-crash'; readonly restartMs: number }
  /** The next writes of checkpoints fail, the next one is half written, or the newest one rots. */
  | { readonly kind: 'disk'; readonly how: 'full' | 'torn' | 'damaged'; readonly writes: number }
  /** The operator holds the run for a while, or asks for a checkpoint. */
  | { readonly kind: 'operator'; readonly does: 'pause' | 'checkpoint'; readonly forMs: number };

/** One fault of a schedule. */
export type Fault = { readonly at: Moment } & Mischief;

/** Longer than any run: such a fault never ends. */
export const forEverMs = 1e9;

/** A fault in one line. */
export function describeFault({ at, ...mischief }: Fault): string {
  const { kind, ...details } = mischief;
  const words = (entries: object): string =>
    Object.entries(entries)
      .map(([key, value]) => `${key} ${value === forEverMs ? 'ever' : String(value)}`)
      .join(', ');
  const { on, ...place } = at;
  return `${kind} (${words(details)}) at ${on} (${words(place)})`;
}

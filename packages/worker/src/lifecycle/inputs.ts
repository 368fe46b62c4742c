import type { MessageOf } from '@paceline/protocol';
import type { WorkShape } from './state.ts';

/** Everything that can happen to a worker. */
export type WorkerInput =
  | { readonly kind: 'connected' }
  /** No connection could be made; `isFinal` when trying again cannot help. */
  | { readonly kind: 'unreachable'; readonly reason: string; readonly isFinal: boolean }
  | { readonly kind: 'disconnected'; readonly code: number; readonly reason: string }
  | { readonly kind: 'message'; readonly message: ServerControl }
  /** The compute loop built the model and the data. */
  | { readonly kind: 'prepared'; readonly shape: WorkShape }
  /** The compute loop failed; `code` is the exit code that this deserves. */
  | { readonly kind: 'failed'; readonly code: number; readonly message: string }
  /** A bucket of a version is in its area. */
  | { readonly kind: 'received'; readonly bucket: number; readonly version: number }
  /** The average of a bucket at a version lies in its area. */
  | { readonly kind: 'averaged'; readonly bucket: number; readonly version: number }
  /** A leaf is computed and added; a gradient comes with its time in microseconds. */
  | {
      readonly kind: 'computed';
      readonly task: number;
      readonly leaf: number;
      readonly micros?: number;
    }
  /** So many node frames wait for the socket. */
  | { readonly kind: 'unsent'; readonly frames: number }
  | { readonly kind: 'leave'; readonly reason: string }
  | { readonly kind: 'tick' };

/** The control messages of a server that decisions are about. */
export type ServerControl = MessageOf<
  'welcome' | 'upload' | 'lease' | 'assign' | 'evaluate' | 'pause' | 'stop' | 'refuse' | 'finished'
>;

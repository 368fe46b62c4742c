import type { MessageOf } from '@paceline/protocol';
import type { Task } from './state.ts';

/** Everything that a worker's decision can ask for; the executor does it, in order. */
export type WorkerEffect =
  | { readonly kind: 'connect'; readonly delayMs: number }
  | { readonly kind: 'hello'; readonly session: string | undefined }
  /** Build model and data from these settings. */
  | { readonly kind: 'prepare'; readonly welcome: MessageOf<'welcome'> }
  | { readonly kind: 'send-layout' }
  | { readonly kind: 'send-initial' }
  /** Ask the compute loop for a leaf of a task. */
  | { readonly kind: 'compute'; readonly task: Task; readonly leaf: number }
  /** Forget sums and frames of these tasks. */
  | { readonly kind: 'drop-tasks'; readonly tasks: readonly number[] }
  | { readonly kind: 'goodbye'; readonly reason: string }
  | { readonly kind: 'fault'; readonly message: string }
  /** Drop the connection; a new one will be made. */
  | { readonly kind: 'hang-up'; readonly reason: string }
  | { readonly kind: 'log'; readonly level: 'info' | 'warn'; readonly text: string }
  | { readonly kind: 'exit'; readonly code: number; readonly message: string };

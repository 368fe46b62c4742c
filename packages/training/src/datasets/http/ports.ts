/** The surroundings of a download. */
import type { BlockStore } from './block-store.ts';

/** What a download needs of its surroundings. */
export interface DownloadPorts {
  readonly store: BlockStore;
  readonly fetch: typeof fetch;
  /** How often it is tried, and how long it waits after the first failure; twice as long after each other one. */
  readonly attempts: number;
  readonly pauseMs: number;
  /** So long a server may send nothing. */
  readonly idleMs: number;
}

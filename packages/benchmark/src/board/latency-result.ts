import type { Row } from './row.ts';

/** Rows that are not of a model: how long something takes. */
export interface LatencyResult {
  readonly type: 'bench';
  readonly name: string;
  readonly rows: readonly Row[];
}

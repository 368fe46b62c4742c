import type { StartingPoint } from './checkpoint/resume.ts';
import type { History } from './report/history.ts';

/** Where a server begins, and who names things. */
export interface Beginning {
  readonly start: StartingPoint;
  readonly history: History;
  readonly createId: () => string;
}

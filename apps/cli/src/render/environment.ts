import { describeFlags, serverFlags, workerFlags } from 'paceline/programs';

import { trainFlags } from '../commands/train.ts';

/** The table of docs/environment.md. */
export function describeEnvironment(): string {
  return describeFlags({ server: serverFlags, worker: workerFlags, train: trainFlags });
}

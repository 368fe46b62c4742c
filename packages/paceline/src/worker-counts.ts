import { PacelineError } from './errors.ts';

/** How many workers a run on one machine has. */
export interface WorkerCounts {
  /** Started here. */
  readonly workers: number;
  /** Training begins when so many are there; `workers` by default. */
  readonly minWorkers?: number;
  /** More are refused; no limit by default. */
  readonly maxWorkers?: number;
}

/**
 * Refuses numbers with which a run could not begin. `isOpen`: workers from elsewhere can reach it, and make up the number.
 *
 * @throws PacelineError `worker-counts`
 */
export function checkWorkerCounts(
  { workers, minWorkers = workers, maxWorkers = Infinity }: WorkerCounts,
  isOpen: boolean,
): void {
  if (maxWorkers < workers) {
    throw wrong(`--max-workers ${maxWorkers} is less than --workers ${workers}: raise it.`);
  }
  if (minWorkers > maxWorkers) {
    throw wrong(`--min-workers ${minWorkers} is more than --max-workers ${maxWorkers}.`);
  }
  if (minWorkers > workers && !isOpen) {
    throw wrong(
      `--min-workers ${minWorkers} is more than --workers ${workers}: training would never begin. ` +
        'Start more workers, or let others join from elsewhere with --listen HOST:PORT.',
    );
  }
}

function wrong(message: string): PacelineError {
  return new PacelineError('worker-counts', message);
}

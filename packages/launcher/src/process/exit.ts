/** How a process ended. */
export interface ProcessExit {
  /** Absent when it could not be started. */
  readonly pid?: number;
  /** `null` when a signal ended it, or when it could not be started. */
  readonly code: number | null;
  readonly signal: string | null;
  /** Why it could not be started at all. */
  readonly spawnError?: string;
  /** The newest lines it wrote, oldest first. */
  readonly lastLines: readonly string[];
}

/**
 * Whether starting the process again makes sense: it was ended from outside or broke. Our own codes say "done" or "this
 * will not work the next time either", and a program that could not be started will not start now.
 */
export function isCrash({ code, spawnError }: ProcessExit): boolean {
  return spawnError === undefined && ![0, 2, 3, 4, 130, 143].includes(code ?? -1);
}

import { guessMemory } from './memory-guess.ts';

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

/** What the exit codes of our own programs mean, for a sentence. */
const codeWords: Readonly<Record<number, string>> = {
  2: 'bad usage or job',
  3: 'training failed',
  4: 'the server was not reached in time',
};

/**
 * `exited with code 2 (bad usage or job)`, `was ended by SIGKILL; the system may have run out of memory (...)`. To be
 * asked only about an end that we did not bring about.
 */
export function describeExit(exit: ProcessExit): string {
  const memory = guessMemory(exit);
  return `${bareWords(exit)}${memory === undefined ? '' : `; ${memory}`}`;
}

/**
 * Whether starting the process again makes sense: it was ended from outside or broke. Our own codes say "done" or "this
 * will not work the next time either", and a program that could not be started will not start now.
 */
export function isCrash({ code, spawnError }: ProcessExit): boolean {
  return spawnError === undefined && ![0, 2, 3, 4, 130, 143].includes(code ?? -1);
}

function bareWords({ code, signal, spawnError }: ProcessExit): string {
  if (spawnError !== undefined) return `could not be started: ${spawnError}`;
  if (signal !== null) return `was ended by ${signal}`;
  const words = codeWords[code ?? 0];
  return `exited with code ${code ?? 0}${words === undefined ? '' : ` (${words})`}`;
}

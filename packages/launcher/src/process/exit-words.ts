import type { ProcessExit } from './exit.ts';
import { guessMemory } from './memory-guess.ts';

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

function bareWords({ code, signal, spawnError }: ProcessExit): string {
  if (spawnError !== undefined) return `could not be started: ${spawnError}`;
  if (signal !== null) return `was ended by ${signal}`;
  const words = codeWords[code ?? 0];
  return `exited with code ${code ?? 0}${words === undefined ? '' : ` (${words})`}`;
}

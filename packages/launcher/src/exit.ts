/** How a process ended. */
export interface ProcessExit {
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

/** `exited with code 2 (bad usage or job)`, `was ended by SIGKILL`, ... */
export function describeExit(exit: ProcessExit): string {
  if (exit.spawnError !== undefined) return `could not be started: ${exit.spawnError}`;
  if (exit.signal !== null) return `was ended by ${exit.signal}`;
  const code = exit.code ?? 0;
  const words = codeWords[code];
  return `exited with code ${code}${words === undefined ? '' : ` (${words})`}`;
}

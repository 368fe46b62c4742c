/** Something could not be made ready; the message says what, and what to do. */
export class BootstrapError extends Error {
  constructor(message, exitCode = 1) {
    super(message);
    this.name = 'BootstrapError';
    this.exitCode = exitCode;
  }
}

/** Says a line. On stderr, since stdout may belong to a program that is being read (`npm start -- --json`). */
export function say(line) {
  process.stderr.write(`${line}\n`);
}

/** Time since `performance.now()` said `startMs`, for people. */
export function seconds(startMs) {
  return `${((performance.now() - startMs) / 1000).toFixed(1)} s`;
}

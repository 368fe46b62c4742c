/** One line of the doctor's: what was looked at, how it stands, what to do. */
export interface Finding {
  readonly status: 'ok' | 'warn' | 'fail';
  /** A word or two: `Node`, `backend`, `job`. */
  readonly subject: string;
  readonly text: string;
  /** What the reader can do about a `warn` or `fail`. */
  readonly remedy?: string;
}

/** A finding from an error: its message, and a remedy where there is more to say than the message does. */
export function failure(subject: string, error: unknown, remedy?: string): Finding {
  const text = error instanceof Error ? error.message : String(error);
  return { status: 'fail', subject, text, ...(remedy === undefined ? {} : { remedy }) };
}

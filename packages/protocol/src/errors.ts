/**
 * What is wrong with a frame.
 *
 * | code | cause | fix |
 * |---|---|---|
 * | `malformed` | not exactly one msgpack value of the allowed kinds, cut short, or with bytes after it | the sender is no paceline process, or a broken one |
 * | `too-deep` | maps and arrays nested deeper than 64 | flatten the model's configuration |
 * | `too-many-values` | the header would take more than 32 MiB of memory, or has a map of more than 2048 entries | send numbers as payloads, or in a file |
 * | `unknown-kind` | no message has this code | run the same version on both sides |
 * | `wrong-direction` | a message of the other side | connect workers to servers, nothing else |
 * | `bad-field` | a header field is missing, unknown or has a wrong value | run the same version on both sides |
 * | `bad-payload` | a payload is missing, not expected, or not of the declared length | the sender is broken |
 * | `bad-checksum` | bits changed on the way | none: the connection is made again |
 */
export type ProtocolErrorCode =
  | 'malformed'
  | 'too-deep'
  | 'too-many-values'
  | 'unknown-kind'
  | 'wrong-direction'
  | 'bad-field'
  | 'bad-payload'
  | 'bad-checksum';

/** A frame that breaks the protocol. Whoever receives one closes the connection with its message. */
export class ProtocolError extends Error {
  override readonly name = 'ProtocolError';
  readonly code: ProtocolErrorCode;

  constructor(code: ProtocolErrorCode, message: string, options?: ErrorOptions) {
    super(message, options);
    this.code = code;
  }
}

/** One wrong field of a job. */
export interface JobProblem {
  /** Dotted, for example `optimizer.learningRate`; empty for the job itself. */
  readonly path: string;
  /** The value that is there; undefined when there is none. */
  readonly value: unknown;
  /** What should be there, in words that follow "must" or stand alone. */
  readonly rule: string;
  /** The right name that is nearest to a wrong one. */
  readonly nearest?: string;
}

/** A job that cannot be run as it is written. The message has one line for each wrong field. */
export class JobError extends Error {
  override readonly name = 'JobError';
  readonly code = 'invalid-job';
  readonly problems: readonly JobProblem[];

  constructor(problems: readonly JobProblem[]) {
    super(problems.map(problemLine).join('\n'));
    this.problems = problems;
  }
}

function problemLine({ path, rule, nearest }: JobProblem): string {
  const line = path === '' ? rule : `${path}: ${rule}`;
  return nearest === undefined ? line : `${line}; did you mean ${nearest}?`;
}

/** A text that should hold tokens and does not. The message never shows any of it. */
export class TokenError extends Error {
  override readonly name = 'TokenError';
  readonly code = 'bad-token';
}

/** A server could not start or a run could not go on; the message says what happened, where, and what to do. */
export class ServerError extends Error {
  override readonly name = 'ServerError';
  readonly code: ServerErrorCode;

  constructor(code: ServerErrorCode, message: string, options?: ErrorOptions) {
    super(message, options);
    this.code = code;
  }
}

/** Why a server gave up. */
export type ServerErrorCode = 'impossible-state' | 'other-job' | 'checkpoint-failed';

/** A worker cannot take part; the message says why and what to do. */
export class WorkerError extends Error {
  override readonly name = 'WorkerError';
  readonly code: 'other-backend' | 'thread-died';

  constructor(code: WorkerError['code'], message: string, options?: ErrorOptions) {
    super(message, options);
    this.code = code;
  }
}

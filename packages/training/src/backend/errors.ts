/**
 * `unavailable`: the backend cannot be loaded on this machine.
 * `wrong-gradient`: it loaded, but what it computes is not the known gradient.
 */
export type BackendErrorCode = 'unavailable' | 'wrong-gradient';

/** A backend that was asked for cannot be used; the message says why and what to do. */
export class BackendError extends Error {
  readonly code: BackendErrorCode;
  readonly backend: string;

  constructor(code: BackendErrorCode, backend: string, reason: string, options?: ErrorOptions) {
    super(`The ${backend} backend cannot be used: ${reason}`, options);
    this.name = 'BackendError';
    this.code = code;
    this.backend = backend;
  }
}

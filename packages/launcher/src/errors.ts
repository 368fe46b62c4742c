/** Why the launcher could not do its work; `code` is stable, the message is for people. */
export type LauncherErrorCode =
  /** No folder short enough for a Unix socket could be made: set TMPDIR to a short path. */
  'no-socket-directory';

/** An error of the launcher itself, as against one of the processes it runs. */
export class LauncherError extends Error {
  readonly code: LauncherErrorCode;

  constructor(code: LauncherErrorCode, message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = 'LauncherError';
    this.code = code;
  }
}

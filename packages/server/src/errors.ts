/** A server could not start or a run could not go on; the message says what happened, where, and what to do. */
export class ServerError extends Error {
  override readonly name = 'ServerError';
  readonly code: ServerErrorCode;

  constructor(code: ServerErrorCode, message: string, options?: ErrorOptions) {
    super(message, options);
    this.code = code;
  }
}

/**
 * Why a server gave up, or a checkpoint could not be used.
 *
 * | code | cause | fix |
 * |---|---|---|
 * | `impossible-state` | an error in the server itself | report it |
 * | `checkpoints-unusable` | the folder of the checkpoints cannot be made or read | the message says |
 * | `checkpoint-failed` | a checkpoint could not be written | the message says; older ones are untouched |
 * | `checkpoint-damaged` | a checkpoint is not what was written | use an older one |
 * | `checkpoint-format` | another version of paceline wrote it | use that version |
 * | `other-job` | the checkpoints are of a job that differs | the message names the difference |
 * | `token-needed` | other machines can reach the address, and there is no token | the message says |
 * | `start-unusable` | what the optimizer is to begin with cannot be read, or does not fit | the message says |
 * | `not-safetensors` | a file is no safetensors file of Float32 tensors | the message says |
 */
export type ServerErrorCode =
  | 'impossible-state'
  | 'checkpoints-unusable'
  | 'checkpoint-failed'
  | 'checkpoint-damaged'
  | 'checkpoint-format'
  | 'other-job'
  | 'token-needed'
  | 'start-unusable'
  | 'not-safetensors';

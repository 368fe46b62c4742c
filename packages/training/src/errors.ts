/**
 * What can go wrong in this package, as data.
 *
 * | code                 | cause                                                      | fix                                                      |
 * | -------------------- | ---------------------------------------------------------- | -------------------------------------------------------- |
 * | `bad-model`          | the job's model is no model, or building it threw          | correct the model; the message says what is wrong        |
 * | `unsupported-model`  | the model needs what the trainer does not do (see message) | change the part that the message names                   |
 * | `unsavable-model`    | the model cannot be built again from its own topology      | register custom classes; do not share nested layers      |
 * | `bad-loss`           | unknown name, no loss at all, or a loss of a wrong shape   | one of the names that the message lists                  |
 * | `bad-metric`         | unknown name, or a metric of a wrong shape                 | one of the names that the message lists                  |
 * | `bad-shape`          | data and model do not fit                                  | correct the layer or the data that the message names     |
 * | `missing-data`       | a data file or package is not there                        | the message says where it was looked for                 |
 * | `bad-data`           | a data file, or a field of the data, is malformed          | the message names file and offset, or field              |
 * | `non-finite`         | the first gradient of the job is NaN or infinite           | smaller initial weights, scaled inputs, another loss     |
 * | `unreached-model`    | the loss depends on no trainable parameter                 | use the parameters in the loss                           |
 * | `bad-argument`       | a call outside the contract                                | a mistake of the caller                                  |
 */
export type TrainingErrorCode =
  | 'bad-model'
  | 'unsupported-model'
  | 'unsavable-model'
  | 'bad-loss'
  | 'bad-metric'
  | 'bad-shape'
  | 'missing-data'
  | 'bad-data'
  | 'non-finite'
  | 'unreached-model'
  | 'bad-argument';

/** Facts beside the words: plain values, fit for a log line. */
export type TrainingErrorData = Readonly<Record<string, string | number | readonly string[]>>;

/** What an error may carry beside its code and words. */
export interface TrainingErrorOptions {
  readonly data?: TrainingErrorData;
  readonly cause?: unknown;
}

/** Errors of models, losses, metrics and data. `message` is a sentence, `code` is stable, `data` holds the facts. */
export class TrainingError extends Error {
  override readonly name = 'TrainingError';
  readonly code: TrainingErrorCode;
  readonly data: TrainingErrorData;

  constructor(code: TrainingErrorCode, message: string, options: TrainingErrorOptions = {}) {
    super(message, 'cause' in options ? { cause: options.cause } : undefined);
    this.code = code;
    this.data = options.data ?? {};
  }
}

/** The words of anything thrown. */
export function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

/**
 * What can go wrong in this package, as data.
 *
 * | code                | cause                                              | fix                                                   |
 * | ------------------- | -------------------------------------------------- | ----------------------------------------------------- |
 * | `bad-argument`      | a number outside the domain that the docs give     | a mistake of the caller                               |
 * | `bad-layout`        | a tensor with a wrong shape, or two of one name    | correct the model; names must be unique               |
 * | `outside-tree`      | a node that the tree does not have, or with no leaf | the sender used another number of microbatches       |
 * | `out-of-memory`     | the arena's maximum, or the machine's memory, is used up | a larger maximum, a smaller model, fewer slots  |
 * | `bad-free`          | memory given back twice, or with another size      | a mistake of the caller                               |
 * | `unknown-optimizer` | no optimizer of that type                          | one of the types that the message lists               |
 */
export type MathErrorCode =
  | 'bad-argument'
  | 'bad-layout'
  | 'outside-tree'
  | 'out-of-memory'
  | 'bad-free'
  | 'unknown-optimizer';

/** Facts beside the words: plain values, fit for a log line. */
export type MathErrorData = Readonly<Record<string, string | number | readonly string[]>>;

/** Every error that this package throws. `message` is a sentence, `code` is stable, `data` holds the numbers. */
export class MathError extends Error {
  override readonly name = 'MathError';
  readonly code: MathErrorCode;
  readonly data: MathErrorData;

  constructor(code: MathErrorCode, message: string, options: MathErrorOptions = {}) {
    super(message, 'cause' in options ? { cause: options.cause } : undefined);
    this.code = code;
    this.data = options.data ?? {};
  }
}

/** What an error may carry beside its code and words. */
export interface MathErrorOptions {
  readonly data?: MathErrorData;
  readonly cause?: unknown;
}

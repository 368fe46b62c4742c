/** What tfjs throws from inside a layer, a loss or a metric, told apart from what already says all. */
import { messageOf, TrainingError } from './errors.ts';
import { UnsupportedGradientError } from './gradients/errors.ts';

/** Whether an error needs no more words: ours, or a gradient that the backend does not have. */
export function isInWords(error: unknown): boolean {
  if (error instanceof UnsupportedGradientError) return error.fault !== 'failed';
  return error instanceof TrainingError;
}

/** What tfjs itself said; the audit of the first microbatch wraps errors of kernels. */
export function operationMessage(error: unknown): string {
  const isWrapped = error instanceof UnsupportedGradientError && error.cause !== undefined;
  return messageOf(isWrapped ? error.cause : error);
}

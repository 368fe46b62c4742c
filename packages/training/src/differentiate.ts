/** Loss and gradient of a batch, in the words of this package when there is none. */
import type { Scalar, Variable } from '@tensorflow/tfjs';
import type { TensorFlow } from './backend/interface.ts';
import type { ValueAndGradients } from './backward.ts';
import { dropTape, valueAndGradients } from './backward.ts';
import { TrainingError } from './errors.ts';

/**
 * Differentiates a scalar; the caller's tidy owns the results.
 * @throws {TrainingError} `unreached-model` when the loss depends on none of the variables.
 */
export function differentiate(
  tf: TensorFlow,
  variables: readonly Variable[],
  loss: () => Scalar,
): ValueAndGradients {
  try {
    const found = valueAndGradients(tf, variables, loss);
    if (found.gradients.some((gradient) => gradient !== undefined)) return found;
  } catch (error) {
    dropTape(tf);
    throw error;
  }
  throw new TrainingError('unreached-model', 'the loss does not depend on any trainable parameter');
}

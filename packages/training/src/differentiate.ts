/** Loss and gradient of a batch, in the words of this package when there is none. */
import type { Scalar, Variable } from '@tensorflow/tfjs';
import type { TensorFlow } from './backend/interface.ts';
import type { BackwardEvents } from './backward.ts';
import { backward, dropTape } from './backward.ts';
import { TrainingError } from './errors.ts';

/**
 * Differentiates a scalar.
 * @throws {TrainingError} `unreached-model` when the loss depends on none of the variables, after all events.
 */
export function differentiate(
  tf: TensorFlow,
  variables: readonly Variable[],
  loss: () => Scalar,
  { onValue, onGradient }: BackwardEvents,
): void {
  let reached = 0;
  try {
    backward(tf, variables, loss, {
      onValue,
      onGradient: (index, gradient) => {
        if (gradient !== undefined) reached += 1;
        onGradient(index, gradient);
      },
    });
  } catch (error) {
    dropTape(tf);
    throw error;
  }
  if (reached > 0) return;
  throw new TrainingError('unreached-model', 'the loss does not depend on any trainable parameter');
}

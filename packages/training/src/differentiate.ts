/** Loss and gradient of a batch, in the words of this package when there is none. */
import type { Scalar, Tensor, Variable } from '@tensorflow/tfjs';
import type { TensorFlow } from './backend/interface.ts';
import { messageOf, TrainingError } from './errors.ts';

/** Value and gradients by the variables' names: a variable that the loss does not reach has none. */
export interface Differentiated {
  readonly value: Scalar;
  readonly gradients: Readonly<Record<string, Tensor | undefined>>;
}

/**
 * Differentiates a scalar; the caller's tidy owns the results.
 * @throws {TrainingError} `unreached-model` when the loss depends on none of the variables.
 */
export function differentiate(
  tf: TensorFlow,
  variables: readonly Variable[],
  loss: () => Scalar,
): Differentiated {
  try {
    const { value, grads } = tf.variableGrads(loss, [...variables]);
    return { value, gradients: grads };
  } catch (error) {
    dropTape(tf);
    if (!messageOf(error).startsWith('Cannot find a connection between any variable')) throw error;
    throw new TrainingError(
      'unreached-model',
      'the loss does not depend on any trainable parameter',
      { cause: error },
    );
  }
}

/** After an error tfjs leaves the tensors that its tape has saved for the gradients. */
function dropTape(tf: TensorFlow): void {
  const { state } = tf.engine();
  // null outside of a gradient, whatever the type says.
  const tape = state.activeTape as typeof state.activeTape | null | undefined;
  if (state.gradientDepth > 0 || tape === null || tape === undefined) return;
  for (const { saved } of tape) tf.dispose(saved);
  state.activeTape = [];
}

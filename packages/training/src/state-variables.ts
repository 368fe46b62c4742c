/** Which non-trainable variables are state: those that a training pass assigns. */
import type { Variable } from '@tensorflow/tfjs';
import type { TensorFlow } from './backend/interface.ts';

/**
 * Runs `body` and gives the variables that it assigned. Comparing values would not do: statistics may be assigned
 * what they already are.
 */
export function recordAssigned(tf: TensorFlow, body: () => void): ReadonlySet<Variable> {
  const assigned = new Set<Variable>();
  const { prototype } = tf.Variable;
  const descriptor = Object.getOwnPropertyDescriptor(prototype, 'assign');
  const assign = descriptor?.value as (
    this: Variable,
    value: Parameters<Variable['assign']>[0],
  ) => void;
  prototype.assign = function (this: Variable, value): void {
    assigned.add(this);
    assign.call(this, value);
  };
  try {
    body();
  } finally {
    prototype.assign = assign;
  }
  return assigned;
}

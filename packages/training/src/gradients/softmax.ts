import type { Tensor } from '@tensorflow/tfjs';

import type { TensorFlow } from '../backend/interface.ts';
import type { GradientRepair } from './repair.ts';
import { assertKnown } from './repair.ts';

/** Softmax keeps what it was computed from, for a loss that is better computed from there: see `logitsOf`. */
export const softmaxRepair: GradientRepair = {
  kind: 'gradient',
  name: 'Softmax',
  create: (_tf, original) => {
    assertKnown(original);
    return {
      inputsToSave: ['logits'],
      outputsToSave: [true],
      // The logits are not for it, but for `logitsOf`.
      gradFunc: (dy, saved, attributes) => original.gradFunc(dy, saved.slice(1), attributes),
    };
  },
};

/**
 * The logits of probabilities that a softmax has made on the tape of the gradient that is being taken; undefined for any
 * other tensor, and outside of a gradient. Belongs to the tape: do not dispose it. A gradient passes through it to the
 * softmax's input.
 */
export function logitsOf(tf: TensorFlow, probabilities: Tensor): Tensor | undefined {
  const tape = tf.engine().state.activeTape as readonly TapeNode[] | null | undefined;
  const node = tape?.findLast(
    ({ kernelName, outputs }) =>
      kernelName === 'Softmax' && outputs.some(({ id }) => id === probabilities.id),
  );
  return node?.saved?.[0];
}

/** What the engine calls its own. */
interface TapeNode {
  readonly kernelName: string;
  readonly outputs: readonly Tensor[];
  readonly saved?: readonly Tensor[];
}

/** Giving back variables of models that are not there, or only half. */
import type { LayersModel, Variable } from '@tensorflow/tfjs';
import type { TensorFlow } from '../backend/interface.ts';
import { weightsInOrder } from './layer-tree.ts';

/**
 * Runs `body`; when it throws, the variables that were made meanwhile are disposed: a model that is only half there
 * cannot. Nothing else of the process may make variables meanwhile.
 */
export async function disposingOnError<T>(tf: TensorFlow, body: () => Promise<T>): Promise<T> {
  const { registeredVariables } = tf.engine();
  const before = new Set(Object.keys(registeredVariables));
  try {
    return await body();
  } catch (error) {
    for (const [name, variable] of Object.entries(tf.engine().registeredVariables)) {
      if (!before.has(name)) variable.dispose();
    }
    throw error;
  }
}

/** Disposes a model; unlike its own dispose(), also one in which a layer is used in two places. */
export function disposeModel(model: LayersModel): void {
  const variables = new Set(weightsInOrder(model).map((weight) => weight.read() as Variable));
  try {
    model.dispose();
  } catch {
    // tfjs counts references to layers, and stops at a weight that is gone already. The loop does the rest.
  }
  for (const variable of variables) {
    if (!variable.isDisposed) variable.dispose();
  }
}

import type { TensorInfo } from '@tensorflow/tfjs';

import type { TensorFlow } from '../backend/interface.ts';
import type { KernelCall, KernelRepair } from './repair.ts';

/**
 * A reshape to the shape that is there already does nothing: natively it would be an operation, and a tensor for the
 * shape. Half of the reshapes are such: the gradient of each sum of two tensors ends with one for each of them.
 */
export const nativeReshapeRepair: KernelRepair = {
  kind: 'kernel',
  name: 'Reshape',
  backends: ['tensorflow'],
  compute: reshapeWhereNeeded,
};

function reshapeWhereNeeded(
  tf: TensorFlow,
  { input, inputs, attributes, original }: KernelCall,
): TensorInfo {
  const x = input('x');
  const isThere = tf.util.arraysEqual(x.shape, attributes['shape'] as number[]);
  return isThere ? x.clone() : original(inputs, attributes);
}

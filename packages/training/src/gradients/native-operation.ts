import type { Tensor } from '@tensorflow/tfjs';

import type { TensorFlow } from '../backend/interface.ts';

/** What tfjs-node's backend can do beyond the interface of backends. */
interface NativeBackend {
  executeSingleOutput(
    name: string,
    attributes: readonly object[],
    inputs: readonly Tensor[],
  ): Tensor;
  executeMultipleOutputs(
    name: string,
    attributes: readonly object[],
    inputs: readonly Tensor[],
    outputs: number,
  ): Tensor[];
  readonly binding: {
    readonly TF_ATTR_TYPE: number;
    readonly TF_FLOAT: number;
  };
}

/** Whether the backend that is set runs TensorFlow's own operations by their names. */
export function hasNativeOperations(tf: TensorFlow): boolean {
  return 'executeSingleOutput' in tf.backend();
}

/** Runs an operation of TensorFlow's that has one type `T`, float32, and one output. */
export function runNative(tf: TensorFlow, name: string, inputs: readonly Tensor[]): Tensor {
  const { backend, float } = nativeOf(tf);
  return backend.executeSingleOutput(name, [float], inputs);
}

/** The same for an operation that has several outputs. */
export function runNativeOutputs(
  tf: TensorFlow,
  name: string,
  { inputs, outputs }: { readonly inputs: readonly Tensor[]; readonly outputs: number },
): readonly Tensor[] {
  const { backend, float } = nativeOf(tf);
  return backend.executeMultipleOutputs(name, [float], inputs, outputs);
}

function nativeOf(tf: TensorFlow): { readonly backend: NativeBackend; readonly float: object } {
  const backend = tf.backend() as unknown as NativeBackend;
  const { TF_ATTR_TYPE: type, TF_FLOAT: value } = backend.binding;
  return { backend, float: { name: 'T', type, value } };
}

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
    readonly TF_ATTR_INT: number;
    readonly TF_ATTR_BOOL: number;
    readonly TF_ATTR_STRING: number;
    readonly TF_FLOAT: number;
  };
}

/** Attributes of an operation beside its type, by their names in TensorFlow. */
export type NativeAttributes = Readonly<Record<string, readonly number[] | boolean | string>>;

/** Whether the backend that is set runs TensorFlow's own operations by their names. */
export function hasNativeOperations(tf: TensorFlow): boolean {
  return 'executeSingleOutput' in tf.backend();
}

/** Runs an operation of TensorFlow's that has one type `T`, float32, and one output. */
export function runNative(
  tf: TensorFlow,
  name: string,
  inputs: readonly Tensor[],
  attributes: NativeAttributes = {},
): Tensor {
  const backend = nativeOf(tf);
  return backend.executeSingleOutput(name, encode(backend, attributes), inputs);
}

/** What an operation with several outputs is run with. */
export interface NativeCall {
  readonly inputs: readonly Tensor[];
  readonly outputs: number;
  readonly attributes?: NativeAttributes;
}

/** The same for an operation that has several outputs. */
export function runNativeOutputs(
  tf: TensorFlow,
  name: string,
  { inputs, outputs, attributes = {} }: NativeCall,
): readonly Tensor[] {
  const backend = nativeOf(tf);
  return backend.executeMultipleOutputs(name, encode(backend, attributes), inputs, outputs);
}

function nativeOf(tf: TensorFlow): NativeBackend {
  return tf.backend() as unknown as NativeBackend;
}

function encode({ binding }: NativeBackend, attributes: NativeAttributes): readonly object[] {
  const float = { name: 'T', type: binding.TF_ATTR_TYPE, value: binding.TF_FLOAT };
  const others = Object.entries(attributes).map(([name, value]) => {
    if (typeof value === 'string') return { name, type: binding.TF_ATTR_STRING, value };
    if (typeof value === 'boolean') return { name, type: binding.TF_ATTR_BOOL, value };
    return { name, type: binding.TF_ATTR_INT, value };
  });
  return [float, ...others];
}

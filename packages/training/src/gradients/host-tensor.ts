import type { Tensor, TensorInfo } from '@tensorflow/tfjs';

import type { TensorFlow } from '../backend/interface.ts';

/** Reads tensors of the wasm and cpu backends where they lie. The arrays must not be kept or written. */
export interface HostMemory {
  floats(info: TensorInfo): Float32Array;
  integers(info: TensorInfo): Int32Array;
}

/**
 * A new float32 tensor of `shape`, zero at first, that `fill` writes in plain JavaScript, without
 * copies between JavaScript and the backend. `fill` must not make tensors.
 *
 * Only for wasm, whose tensors lie in WebAssembly memory, and cpu, whose tensors are typed arrays.
 */
export function createHostTensor(
  tf: TensorFlow,
  shape: readonly number[],
  fill: (output: Float32Array, memory: HostMemory) => void,
): Tensor {
  const backend: object = tf.backend();
  if (!isWasm(backend)) {
    const zeros = tf.zeros([...shape]);
    updateHostTensor(tf, zeros, fill);
    return zeros;
  }
  const tensor = tf.engine().makeTensorFromTensorInfo(backend.makeOutput([...shape], 'float32'));
  updateHostTensor(tf, tensor, (output, memory) => {
    output.fill(0);
    fill(output, memory);
  });
  return tensor;
}

/** Writes once more to a tensor of `createHostTensor` that nobody else has seen yet. */
export function updateHostTensor(
  tf: TensorFlow,
  tensor: Tensor,
  update: (output: Float32Array, memory: HostMemory) => void,
): void {
  const backend: object = tf.backend();
  // Views are taken anew each time: a tensor made meanwhile may have grown the memory, which
  // detaches older views.
  const read = (info: TensorInfo): unknown =>
    isWasm(backend)
      ? backend.typedArrayFromHeap(info)
      : (backend as CpuBackend).data.get(info.dataId).values;
  const memory: HostMemory = {
    floats: (info) => expectArray(read(info), Float32Array, 'float32'),
    integers: (info) => expectArray(read(info), Int32Array, 'int32'),
  };
  update(memory.floats(tensor), memory);
}

interface WasmBackend {
  makeOutput(shape: number[], dtype: 'float32'): TensorInfo;
  typedArrayFromHeap(info: TensorInfo): unknown;
}

interface CpuBackend {
  readonly data: { get(dataId: object): { readonly values: unknown } };
}

function isWasm(backend: object): backend is WasmBackend {
  return 'typedArrayFromHeap' in backend;
}

function expectArray<T>(array: unknown, type: new (length: number) => T, dtype: string): T {
  if (array instanceof type) return array;
  throw new Error(`this gradient is for ${dtype} tensors only`);
}

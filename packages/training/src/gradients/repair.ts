import type {
  GradConfig,
  KernelConfig,
  NamedAttrMap,
  NamedTensorInfoMap,
  Tensor,
  TensorInfo,
} from '@tensorflow/tfjs';

import type { BackendName, TensorFlow } from '../backend/interface.ts';

/** What TensorFlow.js hands to a kernel. */
export interface KernelCall {
  readonly inputs: NamedTensorInfoMap;
  /** One of the inputs; throws when it is not there. */
  input(name: string): Tensor;
  readonly attributes: NamedAttrMap;
  /** Runs what this kernel was before the repair; throws when there was nothing. */
  original(inputs: NamedTensorInfoMap, attributes: NamedAttrMap): Tensor;
}

/** A kernel of our own in place of a wrong, slow or missing one, on the backends named. */
export interface KernelRepair {
  readonly kind: 'kernel';
  readonly name: string;
  readonly backends: readonly BackendName[];
  /** Runs before `compute`, outside of `tf.tidy`: may put in inputs that TensorFlow.js left out. */
  readonly prepare?: (tf: TensorFlow, inputs: NamedTensorInfoMap) => void;
  /** Runs inside `tf.tidy`: whatever it makes and does not return is disposed. */
  compute(tf: TensorFlow, call: KernelCall): TensorInfo;
}

/** A gradient function of our own in place of the one in TensorFlow.js, on every backend. */
export interface GradientRepair {
  readonly kind: 'gradient';
  readonly name: string;
  /** `original` is the gradient that was registered, if there was one. */
  create(tf: TensorFlow, original: GradConfig | undefined): Omit<GradConfig, 'kernelName'>;
}

/** A change to TensorFlow.js above its kernels and gradients, such as to a class of layers. */
export interface PatchRepair {
  readonly kind: 'patch';
  readonly name: string;
  apply(tf: TensorFlow): void;
}

export type Repair = KernelRepair | GradientRepair | PatchRepair;

/** Registers a kernel repair for one backend. */
export function registerKernelRepair(
  tf: TensorFlow,
  repair: KernelRepair,
  backendName: BackendName,
): void {
  const replaced = tf.getKernel(repair.name, backendName) as KernelConfig | undefined;
  if (replaced !== undefined) tf.unregisterKernel(repair.name, backendName);
  tf.registerKernel({
    // Set-up of the kernel that was there stays: `original` needs it whenever the backend is set.
    ...replaced,
    kernelName: repair.name,
    backendName,
    kernelFunc: ({ inputs, attrs, backend }) => {
      repair.prepare?.(tf, inputs);
      const call: KernelCall = {
        inputs,
        attributes: attrs ?? {},
        input: (name) => asTensor(tf, inputs[name], name),
        original: (someInputs, someAttributes) => {
          const kernel = replaced?.kernelFunc;
          const output = kernel?.({ inputs: someInputs, attrs: someAttributes, backend });
          return asTensor(tf, Array.isArray(output) ? output[0] : output, repair.name);
        },
      };
      return tf.tidy(() => asTensor(tf, repair.compute(tf, call), repair.name));
    },
  });
}

/** Registers a gradient repair; it holds for every backend of this process. */
export function registerGradientRepair(tf: TensorFlow, repair: GradientRepair): void {
  const original = tf.getGradient(repair.name) as GradConfig | undefined;
  if (original !== undefined) tf.unregisterGradient(repair.name);
  tf.registerGradient({ kernelName: repair.name, ...repair.create(tf, original) });
}

/** A gradient that is built on TensorFlow.js's own needs that to be there. */
export function assertKnown(original: GradConfig | undefined): asserts original is GradConfig {
  if (original === undefined) throw new Error('TensorFlow.js has lost one of its gradients');
}

function asTensor(tf: TensorFlow, info: TensorInfo | undefined, name: string): Tensor {
  if (info === undefined) throw new Error(`'${name}' is not there`);
  if (info instanceof tf.Tensor) return info as Tensor;
  return tf.engine().makeTensorFromTensorInfo(info);
}

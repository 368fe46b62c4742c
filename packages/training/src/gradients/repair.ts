import type { GradConfig, KernelConfig, NamedAttrMap, NamedTensorInfoMap, TensorInfo } from '@tensorflow/tfjs';

import type { BackendName, TensorFlow } from '../backend/interface.ts';

/** What TensorFlow.js hands to a kernel. */
export interface KernelCall {
  readonly inputs: NamedTensorInfoMap;
  readonly attributes: NamedAttrMap;
  /** Runs what this kernel was before the repair; throws when there was nothing. */
  original(inputs: NamedTensorInfoMap, attributes: NamedAttrMap): TensorInfo;
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

export type Repair = KernelRepair | GradientRepair;

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
      const original: KernelCall['original'] = (someInputs, someAttributes) => {
        if (replaced === undefined) {
          throw new Error(`Kernel '${repair.name}' not registered for backend '${backendName}'`);
        }
        const output = replaced.kernelFunc({ inputs: someInputs, attrs: someAttributes, backend });
        return asTensor(tf, Array.isArray(output) ? firstOf(output) : output);
      };
      repair.prepare?.(tf, inputs);
      return tf.tidy(() =>
        asTensor(tf, repair.compute(tf, { inputs, attributes: attrs ?? {}, original })),
      );
    },
  });
}

/** Registers a gradient repair; it holds for every backend of this process. */
export function registerGradientRepair(tf: TensorFlow, repair: GradientRepair): void {
  const original = tf.getGradient(repair.name) as GradConfig | undefined;
  if (original !== undefined) tf.unregisterGradient(repair.name);
  tf.registerGradient({ kernelName: repair.name, ...repair.create(tf, original) });
}

/** The input called `name`; a kernel that is called without it is a mistake in TensorFlow.js. */
export function inputOf(inputs: NamedTensorInfoMap, name: string): TensorInfo {
  const input = inputs[name];
  if (input === undefined) throw new Error(`kernel called without its input '${name}'`);
  return input;
}

function asTensor(tf: TensorFlow, info: TensorInfo): ReturnType<TensorFlow['tensor']> {
  if (info instanceof tf.Tensor) return info;
  return tf.engine().makeTensorFromTensorInfo(info);
}

function firstOf(outputs: readonly TensorInfo[]): TensorInfo {
  const [first] = outputs;
  if (first === undefined) throw new Error('kernel without an output');
  return first;
}

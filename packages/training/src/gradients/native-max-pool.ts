import type { GradSaveFunc, Tensor, TensorInfo } from '@tensorflow/tfjs';

import type { TensorFlow } from '../backend/interface.ts';
import { requireHere } from '../backend/load-tfjs.ts';
import { isOneDnnOff } from '../backend/one-dnn.ts';
import type { NativeAttributes } from './native-operation.ts';
import { hasNativeOperations, runNativeOutputs } from './native-operation.ts';
import type { KernelCall, KernelRepair, PatchRepair } from './repair.ts';

/**
 * Max pooling by oneDNN, which TensorFlow has aboard but, outside of graphs, calls for convolutions and products only. Its
 * own gradient looks for the largest cell of every window again, one by one: for windows of 2x2 forty times slower, a
 * fifth of a small convolutional network. Forward the same bits, backward too where windows do not overlap; where they
 * do, sums of the gradient in another order.
 */
export const nativeMaxPoolRepairs: readonly (KernelRepair | PatchRepair)[] = [
  { kind: 'patch', name: 'maxPool', apply: keepPlaces },
  { kind: 'kernel', name: 'MaxPool', backends: ['tensorflow'], compute: poolFast },
  { kind: 'kernel', name: 'MaxPoolGrad', backends: ['tensorflow'], compute: gradientFast },
];

function poolFast(tf: TensorFlow, { input, inputs, attributes, original }: KernelCall): TensorInfo {
  const x = input('x');
  const windows = windowsOf(tf, x, attributes);
  return windows ? pool(tf, x, windows).largest : original(inputs, attributes);
}

function gradientFast(
  tf: TensorFlow,
  { input, inputs, attributes, original }: KernelCall,
): TensorInfo {
  const x = input('input');
  const windows = windowsOf(tf, x, attributes);
  if (windows === undefined) return original(inputs, attributes);
  return unpool(tf, { ...pool(tf, x, windows), x, dy: input('dy'), windows });
}

/**
 * The function that layers call keeps for its gradient where the largest cells are, which costs a pass over the input
 * otherwise; a kernel has no place for it.
 */
function keepPlaces(tf: TensorFlow): void {
  // The layers look the function up in this module object at each call.
  const core = requireHere('@tensorflow/tfjs-core') as { maxPool: TensorFlow['maxPool'] };
  const { maxPool } = core;
  core.maxPool = (x, filterSize, strides, ...rest) => {
    const [pad, dimRoundingMode] = rest;
    const isTaped = tf.engine().state.gradientDepth > 0;
    const attributes = { filterSize, strides, pad, dimRoundingMode } as KernelCall['attributes'];
    const windows = isTaped && x instanceof tf.Tensor ? windowsOf(tf, x, attributes) : undefined;
    if (windows === undefined) return maxPool(x, filterSize, strides, ...rest);
    return tf.customGrad((input, save) => {
      const { largest, places } = pool(tf, input as Tensor, windows);
      (save as GradSaveFunc)([input as Tensor, largest, places]);
      return {
        value: largest,
        gradFunc: (dy: Tensor, saved: Tensor[]) => {
          const [of, found, at] = saved as [Tensor, Tensor, Tensor];
          return unpool(tf, { x: of, largest: found, places: at, dy, windows });
        },
      };
    })(x as Tensor) as never;
  };
}

/** The windows as oneDNN wants them; undefined where it cannot be had, or where they are for `original` to refuse. */
function windowsOf(
  tf: TensorFlow,
  x: Tensor,
  attributes: KernelCall['attributes'],
): NativeAttributes | undefined {
  if (x.rank !== 4 || x.dtype !== 'float32') return undefined;
  if (!hasNativeOperations(tf) || !hasOneDnn(tf)) return undefined;
  const { padInfo, ...info } = tf.backend_util.computePool2DInfo(
    x.shape as [number, number, number, number],
    attributes['filterSize'] as number,
    attributes['strides'] as number,
    1,
    attributes['pad'] as 'valid',
    attributes['dimRoundingMode'] as 'floor' | undefined,
  );
  if (padInfo.type !== 'VALID' && padInfo.type !== 'SAME') return undefined;
  return {
    ksize: [1, info.filterHeight, info.filterWidth, 1],
    strides: [1, info.strideHeight, info.strideWidth, 1],
    padding: padInfo.type,
  };
}

/** By this label TensorFlow finds the kernels that it puts in the place of others. */
const common = { data_format: 'NHWC', workspace_enabled: true, _kernel: 'MklNameChangeOp' };

/** What a pooling gives: the largest cells, and which of its window each is, in oneDNN's own words. */
interface Pooled {
  readonly largest: Tensor;
  readonly places: Tensor;
}

function pool(tf: TensorFlow, x: Tensor, windows: NativeAttributes): Pooled {
  const call = { inputs: [x], outputs: 2, attributes: { ...windows, ...common } };
  const [largest, places] = runNativeOutputs(tf, '_MklNativeMaxPool', call);
  if (largest === undefined || places === undefined) throw new Error('oneDNN did not pool');
  return { largest, places };
}

function unpool(
  tf: TensorFlow,
  o: Pooled & { readonly x: Tensor; readonly dy: Tensor; readonly windows: NativeAttributes },
): Tensor {
  const inputs = [o.x, o.largest, o.dy, o.places];
  const call = { inputs, outputs: 1, attributes: { ...o.windows, ...common } };
  const [gradient] = runNativeOutputs(tf, '_MklNativeMaxPoolGrad', call);
  if (gradient === undefined) throw new Error('oneDNN gave no gradient');
  return gradient;
}

const known = new WeakMap<object, boolean>();

/** Asked once for each backend, with an example: not every build of TensorFlow has it, and a user may switch it off. */
function hasOneDnn(tf: TensorFlow): boolean {
  const backend = tf.backend();
  const has = known.get(backend) ?? (!isOneDnnOff() && passes(tf));
  known.set(backend, has);
  return has;
}

function passes(tf: TensorFlow): boolean {
  const windows = { ksize: [1, 2, 2, 1], strides: [1, 2, 2, 1], padding: 'VALID' };
  return tf.tidy(() => {
    const x = tf.tensor4d([1, 3, 3, 2], [1, 2, 2, 1]);
    const dy = tf.tensor4d([5], [1, 1, 1, 1]);
    try {
      return (
        unpool(tf, { ...pool(tf, x, windows), x, dy, windows })
          .dataSync()
          .join() === '0,5,0,0'
      );
    } catch {
      return false;
    }
  });
}

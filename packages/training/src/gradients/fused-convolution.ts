import type { Tensor, Tensor3D, Tensor4D } from '@tensorflow/tfjs';

import type { TensorFlow } from '../backend/interface.ts';
import { requireHere } from '../backend/load-tfjs.ts';
import { addBias } from './bias-add.ts';
import { hasNativeOperations } from './native-operation.ts';
import type { PatchRepair } from './repair.ts';

/**
 * The convolution that layers use, fused with its bias, has a gradient of its own, which refuses dilated filters: under a
 * gradient those are computed one by one, by conv2d, whose gradient `dilation.ts` takes care of, and the rest. So is every
 * one by native TensorFlow, where fused is as many operations, and their gradients keep what `addBias` gives back.
 */
export const fusedConvolutionRepair: PatchRepair = {
  kind: 'patch',
  name: 'fused.conv2d',
  apply: unfuse,
};

function unfuse(tf: TensorFlow): void {
  // The layers look the function up in this module object at each call.
  const core = requireHere('@tensorflow/tfjs-core') as { fused: TensorFlow['fused'] };
  const { fused } = core;
  core.fused = {
    ...fused,
    conv2d: <T extends Tensor3D | Tensor4D>(options: FusedOptions<T>): T => {
      const activate = activationOf(tf, options.activation ?? 'linear');
      const isTaped = tf.engine().state.gradientDepth > 0;
      const isBetter = isDilated(options.dilations) || hasNativeOperations(tf);
      const isLast = options.dataFormat !== 'NCHW';
      if (activate === undefined || !isTaped || !isBetter || !isLast) return fused.conv2d(options);
      return tf.tidy(() => activate(convolve(tf, options)));
    },
  };
}

type FusedOptions<T extends Tensor3D | Tensor4D> = Parameters<
  typeof import('@tensorflow/tfjs').fused.conv2d<T>
>[0];

function convolve<T extends Tensor3D | Tensor4D>(tf: TensorFlow, options: FusedOptions<T>): T {
  const { x, filter, strides, pad, dataFormat, dilations, dimRoundingMode, bias } = options;
  const output = tf.conv2d(x, filter, strides, pad, dataFormat, dilations, dimRoundingMode);
  // Layers say null where they have none.
  const added = bias as Tensor | null | undefined;
  return added === undefined || added === null ? output : addBias(tf, output, added);
}

/** Those that have a gradient of ours. */
function activationOf(
  tf: TensorFlow,
  name: NonNullable<FusedOptions<Tensor4D>['activation']>,
): (<T extends Tensor>(x: T) => T) | undefined {
  if (name === 'linear') return (x) => x;
  if (name === 'relu') return (x) => tf.relu(x);
  return name === 'relu6' ? (x) => tf.relu6(x) : undefined;
}

function isDilated(dilations: number | readonly number[] | undefined): boolean {
  return [dilations ?? 1].flat().some((rate) => rate !== 1);
}

import type { Tensor3D, Tensor4D } from '@tensorflow/tfjs';

import type { TensorFlow } from '../backend/interface.ts';
import { requireHere } from '../backend/load-tfjs.ts';
import type { PatchRepair } from './repair.ts';

/**
 * The convolution that layers use, fused with its bias, has a gradient of its own, which refuses
 * dilated filters. Under a gradient those are computed by conv2d and an addition instead, whose
 * gradients `dilation.ts` takes care of.
 */
export const fusedConvolutionRepair: PatchRepair = {
  kind: 'patch',
  name: 'fused.conv2d',
  apply: unfuseDilated,
};

function unfuseDilated(tf: TensorFlow): void {
  // The layers look the function up in this module object at each call.
  const core = requireHere('@tensorflow/tfjs-core') as { fused: TensorFlow['fused'] };
  const { fused } = core;
  core.fused = {
    ...fused,
    conv2d: <T extends Tensor3D | Tensor4D>(options: FusedOptions<T>): T => {
      const isPlain = (options.activation ?? 'linear') === 'linear';
      const isTaped = tf.engine().state.gradientDepth > 0;
      if (!isPlain || !isTaped || !isDilated(options.dilations)) return fused.conv2d(options);
      const { x, filter, strides, pad, dataFormat, dilations, dimRoundingMode, bias } = options;
      const output = tf.conv2d(x, filter, strides, pad, dataFormat, dilations, dimRoundingMode);
      return bias === undefined ? output : tf.add(output, bias);
    },
  };
}

type FusedOptions<T extends Tensor3D | Tensor4D> = Parameters<
  typeof import('@tensorflow/tfjs').fused.conv2d<T>
>[0];

function isDilated(dilations: number | readonly number[] | undefined): boolean {
  return [dilations ?? 1].flat().some((rate) => rate !== 1);
}

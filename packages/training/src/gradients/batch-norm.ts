import type { GradConfig, NamedTensorInfoMap, Tensor, TensorInfo } from '@tensorflow/tfjs';

import type { TensorFlow } from '../backend/interface.ts';
import type { GradientRepair, KernelCall, KernelRepair } from './repair.ts';
import { assertKnown } from './repair.ts';
import { sumToShape } from './sum-to-shape.ts';

/**
 * Batch normalisation.
 *
 * Without a scale or an offset, TensorFlow.js fails as soon as it records a gradient: it saves and
 * follows inputs that are not there. Ones and zeros are put in their place.
 *
 * Statistics of rank 4 (any axis but the last) are not broadcast on wasm and cpu, but repeated in
 * the order of memory, and have a gradient of the wrong shape everywhere.
 */
export const batchNormRepairs: readonly (KernelRepair | GradientRepair)[] = [
  {
    kind: 'kernel',
    name: 'FusedBatchNorm',
    backends: ['wasm', 'cpu', 'tensorflow'],
    prepare: completeInputs,
    compute: normalise,
  },
  { kind: 'gradient', name: 'FusedBatchNorm', create: createGradient },
];

function completeInputs(tf: TensorFlow, inputs: NamedTensorInfoMap): void {
  const shape = inputs['mean']?.shape ?? [];
  inputs['scale'] ??= tf.ones(shape);
  inputs['offset'] ??= tf.zeros(shape);
}

function normalise(
  tf: TensorFlow,
  { input, inputs, attributes, original }: KernelCall,
): TensorInfo {
  const mean = input('mean');
  if (mean.rank === 1) return original(inputs, attributes);
  const variance = input('variance');
  const inverse = inverseDeviation(tf, variance, attributes);
  const centred = tf.sub(input('x'), mean);
  const scaled = tf.mul(centred, tf.mul(inverse, input('scale')));
  return tf.add(scaled, input('offset'));
}

function createGradient(
  tf: TensorFlow,
  original: GradConfig | undefined,
): Omit<GradConfig, 'kernelName'> {
  assertKnown(original);
  return {
    ...original,
    inputsToSave: ['x', 'mean', 'variance', 'scale'],
    gradFunc: (gradient, saved, attributes) => {
      const [x, mean, variance, scale] = saved as [Tensor, Tensor, Tensor, Tensor];
      if (mean.rank === 1) return original.gradFunc(gradient, saved, attributes);
      const dy = gradient as Tensor;
      const inverse = inverseDeviation(tf, variance, attributes);
      const centred = tf.sub(x, mean);
      const scaledDy = tf.mul(dy, tf.mul(scale, inverse));
      const toStatistics = (tensor: Tensor): Tensor => sumToShape(tf, tensor, mean.shape);
      return {
        x: () => scaledDy.clone(),
        mean: () => toStatistics(tf.neg(scaledDy)),
        variance: () =>
          toStatistics(tf.mul(tf.mul(scaledDy, centred), tf.mul(tf.square(inverse), -0.5))),
        scale: () => toStatistics(tf.mul(dy, tf.mul(centred, inverse))),
        offset: () => toStatistics(dy.clone()),
      };
    },
  };
}

function inverseDeviation(
  tf: TensorFlow,
  variance: Tensor,
  attributes: KernelCall['attributes'],
): Tensor {
  return tf.rsqrt(tf.add(variance, attributes['varianceEpsilon'] as number));
}

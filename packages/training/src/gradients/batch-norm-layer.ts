import type { Tensor } from '@tensorflow/tfjs';

import type { TensorFlow } from '../backend/interface.ts';
import type { PatchRepair } from './repair.ts';

/**
 * The layer batchNormalization in training: without a scale or without a centre it reads a weight
 * that it never made. It gets ones and zeros to read.
 */
export const batchNormLayerRepair: PatchRepair = {
  kind: 'patch',
  name: 'BatchNormalization',
  apply: addStandIns,
};

/** The parts of the layer that matter here; its weights are private in the types of TensorFlow.js. */
interface BatchNormLayer {
  readonly movingMean: { readonly shape: number[] };
  gamma?: Readable;
  beta?: Readable;
  call(this: BatchNormLayer, ...values: unknown[]): unknown;
}

interface Readable {
  read(): Tensor;
}

function addStandIns(tf: TensorFlow): void {
  // With a name of its own, so that the names given to a model's layers do not change.
  const example: object = tf.layers.batchNormalization({ name: 'example' });
  const prototype = Object.getPrototypeOf(example) as BatchNormLayer;
  const { call } = prototype;
  prototype.call = function callWithStandIns(...values) {
    const { shape } = this.movingMean;
    this.gamma ??= { read: () => tf.ones(shape) };
    this.beta ??= { read: () => tf.zeros(shape) };
    return call.apply(this, values);
  };
}

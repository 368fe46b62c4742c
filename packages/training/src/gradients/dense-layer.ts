import type { Tensor } from '@tensorflow/tfjs';

import type { TensorFlow } from '../backend/interface.ts';
import { addBias } from './bias-add.ts';
import type { PatchRepair } from './repair.ts';

/**
 * The layer dense on matrices while a gradient is taken: product, bias and activation, one by one. TensorFlow.js calls
 * its fused product, which reshapes both matrices to rank 3 and back and computes the gradient by the layer's input even
 * where nobody needs it: for the first layer of a model, half of the layer's backward pass.
 */
export const denseLayerRepair: PatchRepair = {
  kind: 'patch',
  name: 'Dense',
  apply: addPlainCall,
};

/** The parts of the layer that matter here, private in the types of TensorFlow.js. */
interface DenseLayer {
  readonly kernel: Readable;
  readonly bias: Readable | null;
  readonly activation: { apply(x: Tensor): Tensor } | null;
  invokeCallHook(...values: unknown[]): void;
  call(this: DenseLayer, inputs: Tensor | Tensor[], ...rest: unknown[]): unknown;
}

interface Readable {
  read(): Tensor;
}

function addPlainCall(tf: TensorFlow): void {
  // With a name of its own, so that the names given to a model's layers do not change.
  const example: object = tf.layers.dense({ units: 1, name: 'example' });
  const prototype = Object.getPrototypeOf(example) as DenseLayer;
  const { call } = prototype;
  prototype.call = function callPlainly(inputs, ...rest) {
    const [input] = [inputs].flat();
    const isPlain = input?.rank === 2 && tf.engine().state.gradientDepth > 0;
    if (!isPlain) return call.call(this, inputs, ...rest);
    return tf.tidy(() => {
      this.invokeCallHook(inputs, ...rest);
      const product = tf.matMul(input, this.kernel.read());
      const sum = this.bias === null ? product : addBias(tf, product, this.bias.read());
      return this.activation === null ? sum : this.activation.apply(sum);
    });
  };
}

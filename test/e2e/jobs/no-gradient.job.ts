import type { Tensor, Tensor4D } from '@tensorflow/tfjs';
import { arrays, defineJob } from 'paceline';

/** A layer of the user's own with an operation whose gradient the wasm backend gets wrong. */
export default defineJob({
  name: 'no-gradient',
  model: (tf) => {
    class Morph extends tf.layers.Layer {
      static readonly className = 'Morph';

      override call(inputs: Tensor | Tensor[]): Tensor {
        const input = (Array.isArray(inputs) ? inputs[0] : inputs) as Tensor4D;
        return tf.dilation2d(input, tf.ones([2, 2, 1]), 1, 'same');
      }
    }
    tf.serialization.registerClass(Morph);
    return tf.sequential({
      layers: [
        tf.layers.conv2d({ inputShape: [4, 4, 1], filters: 1, kernelSize: 1 }),
        new Morph({ name: 'morph' }),
        tf.layers.flatten(),
        tf.layers.dense({ units: 1 }),
      ],
    });
  },
  loss: 'meanSquaredError',
  data: arrays({ train: { x: [square(0), square(1)], y: [[0], [1]] } }),
  batchSize: 2,
});

function square(value: number): number[][][] {
  const row = Array.from({ length: 4 }, () => [value]);
  return [row, row, row, row];
}

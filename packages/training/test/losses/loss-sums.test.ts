import type { Tensor } from '@tensorflow/tfjs';
import { describe, expect } from 'vitest';
import { installGradients } from '../../src/gradients/install.ts';
import { createLoss } from '../../src/losses/registry.ts';
import { sumOverExamples } from '../../src/sum-over-examples.ts';
import { describeEachBackend } from '../gradients/each-backend.ts';
import { numbersOf } from '../support/numbers.ts';

const shapes: readonly (readonly number[])[] = [
  [6, 5],
  [4, 3, 5],
  [2, 3, 2, 4],
];

/** Examples, then what a loss takes as labels; `through` makes the predictions of what is differentiated. */
const cases = [
  { loss: 'meanSquaredError', softmax: false, classes: false },
  { loss: 'halfMeanSquaredError', softmax: false, classes: false },
  { loss: 'categoricalCrossentropy', softmax: true, classes: false },
  { loss: 'categoricalCrossentropy', softmax: false, classes: false },
  { loss: 'sparseCategoricalCrossentropy', softmax: true, classes: true },
  { loss: 'sparseCategoricalCrossentropy', softmax: false, classes: true },
];

describe('the sum of a loss', () => {
  describeEachBackend(['tensorflow', 'wasm', 'cpu'], ({ backend, test }) => {
    for (const { loss: name, softmax, classes } of cases) {
      const words = softmax ? 'of a softmax' : 'of any predictions';
      test(`${name} ${words} has the bits of the sum of its values, in value and gradient`, () => {
        installGradients(backend());
        const { tf } = backend();
        const loss = createLoss(name);
        for (const shape of shapes) {
          tf.tidy(() => {
            const size = shape.reduce((product, dimension) => product * dimension);
            const at = tf.add(tf.abs(tf.tensor(numbersOf(size, 1), [...shape])), 0.1);
            const labels = classes
              ? tf.floor(tf.mul(tf.abs(tf.tensor(numbersOf(size, 2), [...shape])), 4))
              : tf.abs(tf.tensor(numbersOf(size, 2), [...shape]));
            const given = classes ? tf.max(labels, -1) : labels;
            const examples = shape[0] ?? 1;
            const through = (x: Tensor): Tensor => (softmax ? tf.softmax(x) : x);
            // As it stands in a sum of several outputs: with a weight of its own.
            const bitsOf = (sum: (x: Tensor) => Tensor): readonly number[][] => {
              const { value, grad } = tf.valueAndGrad((x: Tensor) => tf.mul(sum(x), 0.7))(at);
              return [value, grad].map((tensor) =>
                Array.from(new Uint32Array(Float32Array.from(tensor.dataSync()).buffer)),
              );
            };
            expect(bitsOf((x) => loss.sum?.(tf, given, through(x), examples) ?? x)).toEqual(
              bitsOf((x) => sumOverExamples(tf, loss.values(tf, given, through(x)), examples)),
            );
          });
        }
      });
    }
  });
});

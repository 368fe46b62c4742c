import type { Tensor } from '@tensorflow/tfjs';
import { beforeAll, describe, expect, it } from 'vitest';
import type { Backend, TensorFlow } from '../../src/backend/interface.ts';
import { createLoss, canonicalLossName, lossNames } from '../../src/losses/registry.ts';
import { cpuBackend } from '../support/backend.ts';
import { numbersOf, oneHot } from '../support/numbers.ts';
import { relativeDifference } from '../support/training.ts';

let backend: Backend;
let tf: TensorFlow;
beforeAll(async () => {
  backend = await cpuBackend();
  ({ tf } = backend);
});

const [rows, width] = [5, 4];

/** Labels and predictions for a loss; tfjs itself has every loss but huber and the textbook's. */
function example(name: string): { labels: Tensor; predictions: Tensor } {
  const values = tf.tensor2d(numbersOf(rows * width, 1), [rows, width]);
  const other = tf.tensor2d(numbersOf(rows * width, 2), [rows, width]);
  const classes = [0, 3, 1, 1, 2];
  switch (name) {
    case 'categoricalCrossentropy':
    case 'kullbackLeiblerDivergence':
      return { labels: tf.softmax(other), predictions: tf.softmax(values) };
    case 'sparseCategoricalCrossentropy':
      return { labels: tf.tensor2d(classes, [rows, 1]), predictions: tf.softmax(values) };
    case 'binaryCrossentropy':
      return {
        labels: tf.cast(tf.greater(other, 0), 'float32'),
        predictions: tf.sigmoid(tf.mul(values, 3)),
      };
    case 'hinge':
    case 'squaredHinge':
      return { labels: tf.sign(other), predictions: values };
    case 'categoricalHinge':
      return { labels: tf.tensor2d(oneHot(classes, width)), predictions: values };
    case 'poisson':
    case 'meanSquaredLogarithmicError':
      return { labels: tf.add(other, 1.5), predictions: tf.add(values, 1.5) };
    default:
      return { labels: tf.mul(other, 2), predictions: tf.mul(values, 2) };
  }
}

const known = lossNames.filter((name) => name !== 'huber' && name !== 'halfMeanSquaredError');

describe('a loss by name', () => {
  it.each(known)('%s has the bits of tfjs, in value and gradient', (name) => {
    tf.tidy(() => {
      const { labels, predictions } = example(name);
      // What compile() makes of the name is tfjs's own loss.
      const model = tf.sequential({
        layers: [tf.layers.activation({ activation: 'linear', inputShape: [width] })],
      });
      model.compile({ optimizer: 'sgd', loss: name });
      const theirs = (
        model as unknown as { model: { lossFunctions: ((y: Tensor, p: Tensor) => Tensor)[] } }
      ).model.lossFunctions[0];
      const ours = createLoss(name);
      const gradientOf = (values: (p: Tensor) => Tensor): Float32Array =>
        tf
          .grad((p) => tf.mean(values(p)))(predictions)
          .dataSync<'float32'>();
      expect(ours.values(tf, labels, predictions).dataSync()).toEqual(
        theirs?.(labels, predictions).dataSync(),
      );
      expect(gradientOf((p) => ours.values(tf, labels, p))).toEqual(
        gradientOf((p) => theirs?.(labels, p) ?? p),
      );
    });
  });

  it.each(lossNames)('%s has the gradient that finite differences show', (name) => {
    tf.tidy(() => {
      const { labels, predictions } = example(name);
      const loss = createLoss(name);
      const sum = (p: Tensor): Tensor => tf.sum(loss.values(tf, labels, p));
      const gradient = tf
        .grad((p) => sum(p))(predictions)
        .dataSync();
      const at = Float32Array.from(predictions.dataSync());
      const numerical = at.map((value, i) => {
        const moved = (by: number): number => {
          const there = at.slice();
          there[i] = value + by;
          return sum(tf.tensor(there, predictions.shape)).dataSync()[0] ?? 0;
        };
        return (moved(1e-2) - moved(-1e-2)) / 2e-2;
      });
      expect(relativeDifference(gradient, numerical)).toBeLessThan(0.02);
    });
  });

  it('has every name under which tfjs has a loss', () => {
    const theirs =
      'meanSquaredError meanAbsoluteError meanAbsolutePercentageError meanSquaredLogarithmicError squaredHinge hinge ' +
      'categoricalHinge logcosh categoricalCrossentropy sparseCategoricalCrossentropy binaryCrossentropy ' +
      'kullbackLeiblerDivergence poisson cosineProximity';
    expect(new Set(theirs.split(' '))).toEqual(new Set(known));
    const aliases = 'mse MSE mae MAE mape MAPE msle MSLE kld KLD cosine';
    for (const alias of aliases.split(' ')) expect(canonicalLossName(alias)).toBeDefined();
  });

  it('huber is half the square up to 1, and linear beyond', () => {
    tf.tidy(() => {
      const values = createLoss('huber').values(
        tf,
        tf.tensor2d([[0], [0], [0]]),
        tf.tensor2d([[0.5], [-1], [3]]),
      );
      expect(Array.from(values.dataSync())).toEqual([0.125, 0.5, 2.5]);
    });
  });

  it.each([
    ['mse', 'meanSquaredError'],
    ['MSE', 'meanSquaredError'],
    ['mean_squared_error', 'meanSquaredError'],
    ['categorical_crossentropy', 'categoricalCrossentropy'],
    ['KLD', 'kullbackLeiblerDivergence'],
  ])('may be spelled as in Keras: %s is %s', (spelled, name) => {
    expect(canonicalLossName(spelled)).toBe(name);
  });

  it('that is none is refused with the nearest name', () => {
    expect(() => createLoss('categoricalCrossentrpy')).toThrow(
      /did you mean "categoricalCrossentropy"/,
    );
  });
});

import type { Scalar, Tensor, Tensor2D, Variable } from '@tensorflow/tfjs';
import { describe, expect } from 'vitest';
import type { TensorFlow } from '../src/backend/interface.ts';
import { backward, dropTape } from '../src/backward.ts';
import { installGradients } from '../src/gradients/install.ts';
import { describeEachBackend } from './gradients/each-backend.ts';
import { allBackends } from './gradients/gradient-suite.ts';
import { numbersOf } from './support/numbers.ts';

type Loss = (tf: TensorFlow, a: Tensor2D, b: Tensor2D) => Tensor;

/** Functions of two 3x3 matrices, each with something of its own for a backward pass. */
const losses: Readonly<Record<string, Loss>> = {
  'a product': (tf, a, b) => tf.sum(tf.matMul(a, b)),
  'a tensor that is used three times': (tf, a, b) => {
    const both = tf.tanh(tf.add(a, b));
    return tf.sum(tf.add(tf.mul(both, both), tf.sigmoid(both)));
  },
  'a variable that is used in two places': (tf, a, b) =>
    tf.sum(tf.add(tf.matMul(a, a), tf.mul(b, a))),
  'sums alone, which pass gradients on': (tf, a, b) => tf.sum(tf.add(tf.add(a, b), tf.add(a, a))),
  'an operation with several outputs, some of them unused': (tf, a, b) => {
    const [first, , last] = tf.split(tf.mul(a, b), 3);
    return tf.sum(tf.mul(first as Tensor, tf.exp(last as Tensor)));
  },
  'constants beside variables': (tf, a, b) =>
    tf.sum(tf.mul(tf.matMul(tf.ones([2, 3]), a), tf.slice(tf.mul(b, 3), 0, 2))),
  'something that does not lead to the loss': (tf, a, b) => {
    tf.exp(tf.mul(a, b));
    return tf.sum(tf.square(a)).add(tf.sum(b));
  },
  'one variable only': (tf, a) => tf.sum(tf.square(a)),
  'a gradient inside of the loss': (tf, a, b) =>
    tf.sum(tf.mul(b, tf.grad((x: Tensor) => tf.sum(tf.pow(x, 3)))(a))),
};

interface Found {
  readonly value: Scalar;
  readonly gradients: readonly (Tensor | undefined)[];
}

/** Value and gradients in the order of the variables; the caller's. */
function valueAndGradients(
  tf: TensorFlow,
  variables: readonly Variable[],
  loss: () => Scalar,
): Found {
  const values: Scalar[] = [];
  const gradients: (Tensor | undefined)[] = variables.map(() => undefined);
  backward(tf, variables, loss, {
    onValue: (value) => values.push(value),
    onGradient: (index, gradient) => {
      gradients[index] = gradient && tf.clone(gradient);
    },
  });
  const [value] = values;
  if (value === undefined || values.length > 1) throw new Error('not one value');
  return { value, gradients };
}

describe('the backward pass', () => {
  describeEachBackend(allBackends, ({ backend, test }) => {
    const variables = (tf: TensorFlow): [Variable, Variable] => [
      tf.variable(tf.tensor2d(numbersOf(9, 1), [3, 3])),
      tf.variable(tf.tensor2d(numbersOf(9, 2), [3, 3])),
    ];

    for (const [name, loss] of Object.entries(losses)) {
      test(`of ${name} has the bits of tf.variableGrads`, () => {
        installGradients(backend());
        const { tf } = backend();
        const [a, b] = variables(tf);
        const body = (): Scalar =>
          loss(tf, a as unknown as Tensor2D, b as unknown as Tensor2D) as Scalar;
        tf.tidy(() => {
          const wanted = tf.variableGrads(body, [a, b]);
          const found = valueAndGradients(tf, [a, b], body);
          expect(found.value.dataSync()).toEqual(wanted.value.dataSync());
          const named = [a, b].map((variable) => wanted.grads[variable.name]);
          expect(found.gradients.map((gradient) => gradient?.dataSync())).toEqual(
            named.map((gradient) => gradient?.dataSync()),
          );
        });
        tf.dispose([a, b]);
      });
    }

    test('takes gradients that are what was there, and leaves that alone', () => {
      installGradients(backend());
      const { tf } = backend();
      const [a, b] = variables(tf);
      const given = tf.ones([3, 3]);
      const savesAndGives = tf.customGrad((x, save) => {
        (save as (tensors: Tensor[]) => void)([x as Tensor]);
        return {
          value: tf.mul(x as Tensor, 2),
          gradFunc: (_dy: Tensor, [saved]: Tensor[]) => saved ?? given,
        };
      });
      const gives = tf.customGrad((x) => ({
        value: tf.mul(x as Tensor, 2),
        gradFunc: () => given,
      }));
      tf.tidy(() => {
        const { gradients } = valueAndGradients(tf, [a, b], () =>
          tf.sum(tf.add(tf.add(savesAndGives(a), savesAndGives(a)), tf.add(gives(b), gives(b)))),
        );
        expect(gradients[0]?.dataSync()).toEqual(tf.mul(a, 2).dataSync());
        expect(Array.from(gradients[1]?.dataSync() ?? [])).toEqual(
          Array.from({ length: 9 }, () => 2),
        );
      });
      expect(Array.from(given.dataSync())).toEqual(Array.from({ length: 9 }, () => 1));
      tf.dispose([a, b, given]);
    });

    test('leaves value and gradients, and nothing else', () => {
      installGradients(backend());
      const { tf } = backend();
      const [a, b] = variables(tf);
      const before = tf.memory().numTensors;
      const found = valueAndGradients(tf, [a, b], () =>
        tf.sum(tf.relu(tf.matMul(a as never, b as never))),
      );
      expect(tf.memory().numTensors).toBe(before + 3);
      tf.dispose([found.value, ...found.gradients.flatMap((gradient) => gradient ?? [])]);
      expect(tf.memory().numTensors).toBe(before);
      tf.dispose([a, b]);
    });

    test('holds less memory on its way than tf.variableGrads', () => {
      installGradients(backend());
      const { tf } = backend();
      const [a, b] = variables(tf);
      const mostTensors = (run: () => unknown): number => {
        let most = 0;
        const look = tf.customGrad((x) => ({
          value: (x as Tensor).clone(),
          gradFunc: (dy: Tensor) => {
            most = Math.max(most, tf.memory().numTensors);
            return dy.clone();
          },
        }));
        const deep = (): Scalar => {
          let x: Tensor = tf.matMul(a, b);
          for (let layer = 0; layer < 5; layer += 1) x = tf.tanh(tf.sigmoid(tf.exp(look(x))));
          return tf.sum(x);
        };
        tf.tidy(() => void (run as (loss: () => Scalar) => unknown)(deep));
        return most;
      };
      const before = tf.memory().numTensors;
      const ours = mostTensors(((loss: () => Scalar) =>
        valueAndGradients(tf, [a, b], loss)) as never);
      const theirs = mostTensors(((loss: () => Scalar) => tf.variableGrads(loss, [a, b])) as never);
      expect(ours - before).toBeLessThan((theirs - before) * 0.8);
      tf.dispose([a, b]);
    });

    test('hands a gradient over when its variable was used for the first time, and each once', () => {
      installGradients(backend());
      const { tf } = backend();
      const [first, everywhere, last, unused] = [1, 2, 3, 4].map((seed) =>
        tf.variable(tf.tensor2d(numbersOf(9, seed), [3, 3])),
      ) as [Variable, Variable, Variable, Variable];
      const events: (string | number)[] = [];
      const marked = (name: string): ((x: Tensor) => Tensor) =>
        tf.customGrad((x) => ({
          value: tf.clone(x as Tensor),
          gradFunc: (dy: Tensor) => {
            events.push(name);
            return dy.clone();
          },
        }));
      tf.tidy(() => {
        backward(
          tf,
          [first, everywhere, last, unused],
          () => {
            const hidden = marked('first layer')(tf.matMul(tf.exp(everywhere), first));
            return tf.sum(marked('last layer')(tf.mul(tf.mul(hidden, last), everywhere)));
          },
          {
            onValue: () => events.push('value'),
            onGradient: (index, gradient) => events.push(gradient === undefined ? -index : index),
          },
        );
      });
      expect(events).toEqual(['value', 'last layer', 2, 'first layer', 0, 1, -3]);
      tf.dispose([first, everywhere, last, unused]);
    });

    test('that fails leaves nothing once the tape is dropped', () => {
      installGradients(backend());
      const { tf } = backend();
      const [a, b] = variables(tf);
      const before = tf.memory().numTensors;
      const broken = tf.customGrad((x, save) => {
        (save as (tensors: Tensor[]) => void)([x as Tensor]);
        return { value: tf.mul(x as Tensor, 2), gradFunc: () => tf.ones([7]) };
      });
      const run = (): void =>
        tf.tidy(() => {
          valueAndGradients(tf, [a, b], () => tf.sum(broken(tf.exp(tf.mul(a, b)))));
        });
      expect(run).toThrow(/Error in gradient for op .*: that by 0, \[3, 3\], is float32 \[7\]/);
      dropTape(tf);
      expect(tf.memory().numTensors).toBe(before);
      tf.dispose([a, b]);
    });
  });
});

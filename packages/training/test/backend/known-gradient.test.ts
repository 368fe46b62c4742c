import { expect, test } from 'vitest';

import { openBackend } from '../../src/backend/backend.ts';
import { BackendError } from '../../src/backend/errors.ts';
import {
  checkKnownGradient,
  knownGradients,
  knownInputs,
} from '../../src/backend/known-gradient.ts';

const at = (values: readonly number[], index: number): number => values[index] ?? NaN;

/** The network of the check and its gradient by the rules of school, one number at a time. */
function workOut(): typeof knownGradients {
  const { image, filter, weights } = knownInputs;
  const gradients = {
    image: image.map(() => 0),
    filter: filter.map(() => 0),
    weights: weights.map(() => 0),
  };
  const convolved = (row: number, column: number, channel: number): number => {
    let sum = 0;
    for (let i = 0; i < 2; i++) {
      for (let j = 0; j < 2; j++) {
        sum += at(image, (row + i) * 4 + column + j) * at(filter, (i * 2 + j) * 2 + channel);
      }
    }
    return sum;
  };
  // Where the maximum of each pooling window lies, the first if there are several.
  const chosen = Array.from({ length: 8 }, (_, k) => {
    const [row, column, channel] = [k >> 2, (k >> 1) & 1, k & 1];
    const cells = [0, 1, 2, 3].map((cell) => ({
      row: row + (cell >> 1),
      column: column + (cell & 1),
    }));
    const values = cells.map((cell) => convolved(cell.row, cell.column, channel));
    const first = values.indexOf(Math.max(...values));
    return { ...(cells[first] ?? { row: NaN, column: NaN }), channel, value: at(values, first) };
  });
  const outputs = [0, 1].map((j) =>
    chosen.reduce((sum, { value }, k) => sum + value * at(weights, k * 2 + j), 0),
  );
  chosen.forEach(({ row, column, channel, value }, k) => {
    let byPooled = 0;
    for (const j of [0, 1]) {
      gradients.weights[k * 2 + j] = 2 * at(outputs, j) * value;
      byPooled += 2 * at(outputs, j) * at(weights, k * 2 + j);
    }
    for (let cell = 0; cell < 4; cell++) {
      const pixel = (row + (cell >> 1)) * 4 + column + (cell & 1);
      const weight = cell * 2 + channel;
      gradients.filter[weight] = at(gradients.filter, weight) + byPooled * at(image, pixel);
      gradients.image[pixel] = at(gradients.image, pixel) + byPooled * at(filter, weight);
    }
  });
  return gradients;
}

test('the numbers of the check are those that plain loops give', () => {
  expect(knownGradients).toEqual(workOut());
});

test('a backend that computes something else is refused with both numbers', async () => {
  const backend = await openBackend('cpu', { threads: 1 });
  const { tf } = backend;
  const kernel = tf.getKernel('Conv2DBackpropInput', 'cpu');
  tf.unregisterKernel('Conv2DBackpropInput', 'cpu');
  tf.registerKernel({ ...kernel, kernelFunc: () => tf.ones([1, 4, 4, 1]) });
  try {
    const check = () => {
      checkKnownGradient(backend);
    };
    expect(check).toThrow(BackendError);
    expect(check).toThrow(
      /^The cpu backend cannot be used: the gradient of a known network by its image should be \[0, 0, 56, .*\] and came out as \[1, 1, 1, /u,
    );
  } finally {
    tf.unregisterKernel('Conv2DBackpropInput', 'cpu');
    tf.registerKernel(kernel);
  }
  expect(() => {
    checkKnownGradient(backend);
  }).not.toThrow();
});

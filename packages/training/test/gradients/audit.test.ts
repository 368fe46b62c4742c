import type { Scalar, Tensor } from '@tensorflow/tfjs';
import { beforeEach, describe, expect, test } from 'vitest';

import { openBackend } from '../../src/backend/backend.ts';
import type { Backend } from '../../src/backend/interface.ts';
import { auditGradients } from '../../src/gradients/audit.ts';
import { UnsupportedGradientError } from '../../src/gradients/errors.ts';
import { describeEachBackend } from './each-backend.ts';
import { createTensor } from './finite-differences.ts';

/** Audits the gradient of the sum of `compute(x)` and gives back the error, if there is one. */
function audit(
  backend: Backend,
  compute: (x: never, layerIs: (name: string | undefined) => void) => Tensor,
  shape: readonly number[] = [1, 4, 4, 2],
): UnsupportedGradientError | undefined {
  const { tf } = backend;
  let layer: string | undefined;
  const x = createTensor(tf, shape, 1);
  const run = (): void => {
    tf.tidy(() => {
      const loss = (input: Tensor): Scalar =>
        tf.sum(
          compute(input as never, (name) => {
            layer = name;
          }),
        );
      tf.grad((input: Tensor) => {
        const value = loss(input);
        layer = undefined;
        return value;
      })(x);
    });
  };
  try {
    auditGradients(backend, run, () => layer);
    return undefined;
  } catch (error) {
    if (error instanceof UnsupportedGradientError) return error;
    throw error;
  } finally {
    x.dispose();
  }
}

describe('a gradient that is known to be wrong', () => {
  let backend: Backend;
  beforeEach(async () => {
    backend = await openBackend('wasm', { threads: 1 });
  });

  test('is refused with operation, layer, backend and what to do', () => {
    const error = audit(backend, (x, layerIs) => {
      layerIs('morph_1');
      const { tf } = backend;
      return tf.dilation2d(x, tf.zeros([2, 2, 2]) as never, 1, 'valid');
    });
    expect(error?.message).toBe(
      'Layer "morph_1" uses Dilation2D, which the wasm backend computes wrongly; use the tensorflow backend.',
    );
    expect(error).toMatchObject({
      code: 'unsupported-gradient',
      op: 'Dilation2D',
      layer: 'morph_1',
      backend: 'wasm',
      fault: 'wrong',
    });
  });
});

describe('an audit', () => {
  describeEachBackend(['cpu', 'wasm', 'tensorflow'], ({ name, backend, test }) => {
    test('passes a convolutional network and leaves no tensor and no hook', () => {
      const { tf } = backend();
      const engine = tf.engine();
      const model = tf.sequential({
        layers: [
          tf.layers.conv2d({
            inputShape: [6, 6, 1],
            filters: 2,
            kernelSize: 3,
            activation: 'relu',
          }),
          tf.layers.batchNormalization({ scale: false }),
          tf.layers.maxPooling2d({ poolSize: 2 }),
          tf.layers.flatten(),
          tf.layers.dropout({ rate: 0.5, seed: 1 }),
          tf.layers.dense({ units: 3, activation: 'softmax' }),
        ],
      });
      const x = createTensor(tf, [2, 6, 6, 1], 1);
      const before = tf.memory().numTensors;
      let runs = 0;
      auditGradients(backend(), () => {
        runs++;
        tf.tidy(() => {
          tf.variableGrads(() => tf.sum(tf.square(model.apply(x, { training: true }) as Tensor)));
        });
      });
      expect(runs).toBe(1);
      expect(tf.memory().numTensors).toBe(before);
      expect(Object.keys(engine)).not.toContain('addTapeNode');
      expect(Object.keys(engine)).not.toContain('runKernel');
      model.dispose();
      x.dispose();
    });

    test('names the layer whose operation has no gradient', () => {
      const error = audit(backend(), (x, layerIs) => {
        layerIs('encoder/top');
        const best = backend().tf.topk(x, 1).values;
        layerIs('head');
        return backend().tf.square(best);
      });
      expect(error?.message).toBe(
        'Layer "encoder/top" uses TopK, which has no gradient in TensorFlow.js; use max, or a sum of products with oneHot.',
      );
    });

    test('does not mind an operation that no gradient passes through', () => {
      const error = audit(backend(), (x) => {
        const { tf } = backend();
        const labels = tf.topk(tf.ones([3, 4]), 1).values;
        return tf.mul(tf.mean(x), tf.mean(labels));
      });
      expect(error).toBeUndefined();
    });

    test('names the operation whose gradient fails, with its words and cause', () => {
      const error = audit(backend(), (x) => backend().tf.tile(x, [1, 1, 2, 1, 1]), [1, 2, 1, 2, 1]);
      expect(error?.message).toMatch(
        new RegExp(
          `^The model or its loss uses Tile, whose gradient fails on the ${name} backend \\(Gradient for tile operation is not implemented for rank-5 tensors yet\\.\\); use broadcastTo`,
          'u',
        ),
      );
      expect(error?.fault).toBe('failed');
      expect(error?.cause).toBeInstanceOf(Error);
    });

    test('refuses a second derivative that TensorFlow.js gets wrong, and no other', () => {
      const { tf } = backend();
      const penalty = (compute: (x: Tensor) => Tensor) =>
        audit(backend(), (x) => tf.add(tf.square(tf.grad(compute)(x)), x));
      expect(penalty((x) => tf.sigmoid(tf.mul(x, x)))?.message).toBe(
        'The model or its loss uses Sigmoid, whose second derivative is wrong in TensorFlow.js; a loss cannot contain a gradient through it.',
      );
      expect(penalty((x) => tf.relu(tf.mul(x, x)))).toBeUndefined();
      const filter = createTensor(tf, [2, 2, 2, 3], 2);
      const convolve = (x: Tensor) =>
        tf.fused.conv2d({ x: x as never, filter: filter as never, strides: 1, pad: 'same' });
      expect(penalty((x) => tf.square(convolve(x)))).toBeUndefined();
      filter.dispose();
    });

    test('lets errors of the model itself through', () => {
      expect(() =>
        audit(backend(), () => {
          throw new Error('no such file');
        }),
      ).toThrow('no such file');
      const { tf } = backend();
      const misfit = (): unknown => audit(backend(), (x) => tf.matMul(x, tf.ones([7, 2])), [2, 3]);
      expect(misfit).toThrow(/^Error in matMul: inner shapes \(3\) and \(7\)|size-incompatible/u);
      expect(Object.keys(backend().tf.engine())).not.toContain('runKernel');
    });
  });
});

describe('a kernel that a backend does not have', () => {
  test('is named with its layer, forward', async () => {
    const backend = await openBackend('wasm', { threads: 1 });
    const error = audit(
      backend,
      (x, layerIs) => {
        layerIs('attention');
        return backend.tf.einsum('ij,jk->ik', x, backend.tf.ones([3, 2]));
      },
      [2, 3],
    );
    expect(error?.message).toBe(
      'Layer "attention" uses Einsum, which the wasm backend does not have; write it with transpose and matMul.',
    );
  });

  test('is named with the operation whose gradient needs it', async () => {
    const backend = await openBackend('cpu', { threads: 1 });
    const { tf } = backend;
    const kernel = tf.getKernel('AvgPoolGrad', 'cpu');
    tf.unregisterKernel('AvgPoolGrad', 'cpu');
    try {
      const error = audit(backend, (x) => tf.avgPool(x, 2, 2, 'same'));
      expect(error?.message).toBe(
        'The model or its loss uses AvgPool, whose gradient needs AvgPoolGrad, which the cpu backend does not have; use another operation or backend.',
      );
      expect(error?.fault).toBe('missing');
    } finally {
      tf.registerKernel(kernel);
    }
  });
});

import type { LayersModel, Tensor, Variable } from '@tensorflow/tfjs';
import { expect } from 'vitest';

import type { TensorFlow } from '../../src/backend/interface.ts';
import { installGradients } from '../../src/gradients/install.ts';
import { numbersOf } from '../support/numbers.ts';
import { relativeDifference } from '../support/training.ts';
import { describeEachBackend } from './each-backend.ts';

/** The kernels that loss and gradient of a model of dense layers run, forward and backward. */
function kernelsOf(tf: TensorFlow, model: LayersModel, x: Tensor): readonly string[] {
  const engine = tf.engine();
  const names: string[] = [];
  const { runKernel } = engine;
  engine.runKernel = ((name: string, ...rest: [never]) => {
    names.push(name);
    return runKernel.call(engine, name, ...rest);
  }) as typeof runKernel;
  try {
    tf.tidy(() => tf.variableGrads(() => tf.sum(model.apply(x, { training: true }) as Tensor)));
  } finally {
    Reflect.deleteProperty(engine, 'runKernel');
  }
  return names;
}

describeEachBackend(['tensorflow', 'wasm', 'cpu'], ({ backend, test }) => {
  const build = (activation: 'linear' | 'relu' | 'tanh', useBias = true) => {
    installGradients(backend());
    const { tf } = backend();
    const dense = { units: 3, activation, useBias };
    return tf.sequential({ layers: [tf.layers.dense({ ...dense, inputShape: [4] })] });
  };

  test('a first layer computes no gradient by its input', () => {
    const { tf } = backend();
    const model = build('linear');
    const x = tf.tensor2d(numbersOf(8, 1), [2, 4]);
    const products = kernelsOf(tf, model, x).filter((name) => name.endsWith('MatMul'));
    expect(products).toEqual(['BatchMatMul', 'BatchMatMul']);
    tf.dispose([x]);
    model.dispose();
  });

  for (const name of ['linear', 'relu', 'tanh'] as const) {
    test(`${name} has the outputs of prediction`, () => {
      const { tf } = backend();
      for (const useBias of [true, false]) {
        const model = build(name, useBias);
        const x = tf.tensor2d(numbersOf(8, 2), [2, 4]);
        const predicted = (model.predict(x) as Tensor).dataSync<'float32'>();
        let taped = new Float32Array();
        tf.tidy(() =>
          tf.variableGrads(
            () => {
              const outputs = model.apply(x, { training: true }) as Tensor;
              taped = outputs.dataSync<'float32'>().slice();
              return tf.sum(outputs);
            },
            model.trainableWeights.map((weight) => weight.read() as Variable),
          ),
        );
        expect(relativeDifference(taped, predicted)).toBeLessThan(1e-6);
        tf.dispose([x]);
        model.dispose();
      }
    });
  }
});

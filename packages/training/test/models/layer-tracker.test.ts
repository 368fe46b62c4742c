import type { LayersModel, Tensor } from '@tensorflow/tfjs';
import { describe, expect, it } from 'vitest';
import { createLayerTracker } from '../../src/models/layer-tracker.ts';
import { cpuBackend } from '../support/backend.ts';

describe('the layer tracker', () => {
  it('names the innermost layer while it is called, also in wrappers and nested models', async () => {
    const { tf } = await cpuBackend();
    const inner = tf.sequential({
      layers: [tf.layers.dense({ units: 3, inputShape: [2], name: 'inner' })],
      name: 'nested',
    });
    const wrapped = tf.layers.dense({ units: 2, name: 'wrapped' });
    const model: LayersModel = tf.sequential({
      layers: [
        tf.layers.timeDistributed({ layer: wrapped, inputShape: [3, 2], name: 'wrapper' }),
        tf.layers.flatten({ name: 'flat' }),
        tf.layers.dense({ units: 2, name: 'last' }),
        inner,
      ],
    });
    const tracker = createLayerTracker(model, (layer) => layer.name);
    const seen: string[] = [];
    const matMul = tf.layers.dense({ units: 1 }).constructor.prototype as {
      call: (...values: unknown[]) => Tensor;
    };
    const call = matMul.call;
    matMul.call = function (this: unknown, ...values: unknown[]): Tensor {
      seen.push(tracker.current() ?? 'none');
      return call.apply(this, values);
    };
    try {
      const input = tf.ones([1, 3, 2]);
      tracker.track(() => model.predict(input));
      model.predict(input);
    } finally {
      matMul.call = call;
    }
    const once = ['wrapped', 'wrapped', 'wrapped', 'last', 'inner'];
    expect(seen).toEqual([...once, ...once.map(() => 'none')]);
    model.dispose();
  });

  it('remembers where an error came from, and takes itself off', async () => {
    const { tf } = await cpuBackend();
    const layer = tf.layers.dense({ units: 3, inputShape: [2], name: 'broken' });
    const model = tf.sequential({ layers: [layer] });
    const tracker = createLayerTracker(model, ({ name }) => name);
    expect(() => tracker.track(() => layer.call(tf.ones([2, 5]), {}))).toThrow();
    expect(tracker.current()).toBe('broken');
    expect(Object.hasOwn(layer, 'call')).toBe(false);
    model.dispose();
  });
});

import { join } from 'node:path';

import { train } from 'paceline';
import { expect, test } from 'vitest';

import { openScratch } from '../../support/scratch.ts';
import { difference, tf, twins } from './models.ts';
import type { Model } from './models.ts';
import { setup } from './scale-layer.ts';

const Scale = setup(tf);

function scaledModel(): Model {
  const dense = tf.layers.dense({ inputShape: [3], units: 2 });
  const model = tf.sequential({ layers: [dense, new Scale()] });
  const metrics = [tf.metrics.meanAbsoluteError];
  model.compile({ optimizer: 'sgd', loss: tf.losses.huberLoss, metrics });
  return model;
}

const x = tf.randomNormal([20, 3], 0, 1, 'float32', 1);
const y = x.slice([0, 0], [20, 2]).mul(3);

test('a layer of the program travels by a module that registers it, a loss of tf.losses by its name', async () => {
  using scratch = openScratch();
  const [fitted, trained] = twins(scaledModel);
  const expected = await fitted.fit(x, y, { epochs: 2, shuffle: false });
  const history = await train(
    trained,
    { x, y },
    {
      ...{ epochs: 2, shuffle: false, microbatches: 1, backend: 'cpu' },
      setup: new URL('./scale-layer.ts', import.meta.url).href,
      out: join(scratch.path, 'run'),
    },
  );
  expect(Object.keys(history.history)).toEqual(Object.keys(expected.history));
  expect(difference(fitted, trained)).toBeLessThan(1e-6);
});

test('without the module the layer is refused by name before any process starts', async () => {
  const model = scaledModel();
  await expect(train(model, { x, y })).rejects.toThrow(
    /The layer "scale_Scale\d+" has the class Scale/,
  );
});

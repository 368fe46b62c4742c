import type { LayersModel } from '@tensorflow/tfjs';
import { expect } from 'vitest';
import type { TensorFlow } from '../src/backend/interface.ts';
import { prepareJob } from '../src/prepare-job.ts';
import { describeEachBackend } from './gradients/each-backend.ts';
import { cpuBackend } from './support/backend.ts';
import { indicesOf, jobOf, leafOf } from './support/jobs.ts';
import { numbersOf, oneHot } from './support/numbers.ts';
import { relativeDifference } from './support/training.ts';

const model = (tf: TensorFlow): LayersModel =>
  tf.sequential({
    layers: [
      tf.layers.conv2d({ filters: 4, kernelSize: 3, inputShape: [8, 8, 1] }),
      tf.layers.batchNormalization(),
      tf.layers.activation({ activation: 'tanh' }),
      tf.layers.maxPooling2d({ poolSize: 2 }),
      tf.layers.flatten(),
      tf.layers.dropout({ rate: 0.25 }),
      tf.layers.dense({ units: 3, activation: 'softmax' }),
    ],
  });
const pair = {
  x: { values: numbersOf(8 * 64, 21), shape: [8, 8, 8, 1] },
  y: oneHot([0, 1, 2, 2, 1, 0, 1, 2], 3),
};
const job = jobOf(
  { loss: 'categoricalCrossentropy', data: { type: 'arrays', train: pair, test: pair } },
  { model },
);

describeEachBackend(['wasm', 'tensorflow'], ({ backend, test }) => {
  test('leaf and evaluation of a convolutional model are those of the cpu backend, and nothing leaks', async () => {
    const { tf } = backend();
    const own = tf.getBackend();
    const here = await prepareJob(backend(), job);
    const leaf = leafOf(here, {});
    const scalars = here.evaluate(indicesOf(0, 8));
    const before = tf.memory().numTensors;
    for (let step = 0; step < 20; step += 1) {
      here.setParameters(here.initialParameters());
      expect(leafOf(here, {})).toEqual(leaf);
      here.evaluate(indicesOf(0, 8));
    }
    expect(tf.memory().numTensors).toBe(before);

    const cpu = await cpuBackend();
    await tf.setBackend('cpu');
    const there = await prepareJob(cpu, job);
    expect(there.initialParameters()).toEqual(here.initialParameters());
    const { trainable, state } = here.layout.sections;
    for (const { offset, length } of [trainable, state]) {
      const [a, b] = [leaf, leafOf(there, {})].map((all) => all.subarray(offset, offset + length));
      expect(relativeDifference(a ?? [], b ?? [])).toBeLessThan(1e-4);
    }
    expect(relativeDifference(scalars, there.evaluate(indicesOf(0, 8)))).toBeLessThan(1e-5);
    there.dispose();
    await tf.setBackend(own);
    here.dispose();
  });
});

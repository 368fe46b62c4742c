import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { openBackend } from '@paceline/training';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';

import { loadModel } from '../src/load-model.ts';

let folder = '';
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'load-model-'));
});
afterEach(() => {
  rmSync(folder, { recursive: true });
});

const dense = {
  class_name: 'Dense',
  config: { name: 'dense', units: 1, batch_input_shape: [null, 2], dtype: 'float32' },
};

/** What TensorFlow.js saves for y = x1 + 2 x2 + 3; two files of weights, as it makes of large models. */
function writeModel(weights: readonly number[][]): void {
  const weightsManifest = [
    {
      paths: ['group1-shard1of2.bin', 'group1-shard2of2.bin'],
      weights: [
        { name: 'dense/kernel', shape: [2, 1], dtype: 'float32' },
        { name: 'dense/bias', shape: [1], dtype: 'float32' },
      ],
    },
  ];
  const modelTopology = { class_name: 'Sequential', config: { name: 'model', layers: [dense] } };
  writeFileSync(join(folder, 'model.json'), JSON.stringify({ modelTopology, weightsManifest }));
  weights.forEach((values, i) => {
    const path = join(folder, `group1-shard${String(i + 1)}of2.bin`);
    writeFileSync(path, new Uint8Array(Float32Array.from(values).buffer));
  });
}

describe('a saved model', () => {
  it('is loaded with its weights on a backend without files of its own, and leaves nothing behind', async () => {
    const { tf } = await openBackend('cpu', { threads: 1 });
    writeModel([[1, 2], [3]]);
    const before = tf.memory().numTensors;
    const model = await loadModel(tf, folder);
    const predicted = tf.tidy(() =>
      [model.predict(tf.tensor2d([[10, 100]]))].flat()[0]?.dataSync(),
    );
    expect(predicted).toEqual(Float32Array.of(213));
    model.dispose();
    expect(tf.memory().numTensors).toBe(before);
  });

  it('that is not there, or cut short, is refused with the name of the file', async () => {
    const { tf } = await openBackend('cpu', { threads: 1 });
    const file = join(folder, 'model.json');
    await expect(loadModel(tf, folder)).rejects.toMatchObject({
      code: 'weights-unreadable',
      message: expect.stringContaining(file) as unknown,
    });
    writeModel([[1, 2], []]);
    await expect(loadModel(tf, folder)).rejects.toThrow(
      `${file} is no saved model: the data of dense/bias are cut short`,
    );
  });
});

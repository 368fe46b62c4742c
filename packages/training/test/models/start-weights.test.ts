import { createHash } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import type { TensorFlow } from '../../src/backend/interface.ts';
import { TrainingError } from '../../src/errors.ts';
import { prepareJob } from '../../src/prepare-job.ts';
import { cpuBackend } from '../support/backend.ts';
import { jobOf } from '../support/jobs.ts';

const folder = mkdtempSync(join(tmpdir(), 'paceline-start-'));
afterAll(() => {
  rmSync(folder, { recursive: true });
});

// bias first: places follow from the file, not from the model.
const values = Float32Array.of(7, 1, 2, 3);
const bytes = new Uint8Array(values.buffer);
const path = join(folder, 'weights.bin');
writeFileSync(path, bytes);
const sha256 = createHash('sha256').update(bytes).digest('hex');
const tensors = [
  { name: 'dense_1/bias', shape: [1] },
  { name: 'dense_1/kernel', shape: [3, 1] },
];

const prepare = async (weights: object) => {
  const data = { type: 'arrays', train: { x: [[1, 2, 3]], y: [[1]] } } as const;
  const start = { weights: { path, sha256, tensors, ...weights } };
  return prepareJob(
    await cpuBackend(),
    jobOf(
      { loss: 'meanSquaredError', data, start },
      {
        model: (tf: TensorFlow) =>
          tf.sequential({ layers: [tf.layers.dense({ inputShape: [3], units: 1 })] }),
      },
    ),
  );
};

describe('weights that training begins with', () => {
  test('are those of the file, by their names', async () => {
    const job = await prepare({});
    const [kernel] = job.layout.tensors.filter(({ name }) => name === 'dense_1/kernel');
    const flat = job.initialParameters();
    expect(Array.from(flat.subarray(kernel?.offset, (kernel?.offset ?? 0) + 3))).toEqual([1, 2, 3]);
    expect(flat.slice(job.layout.sections.trainable.offset).includes(7)).toBe(true);
    job.dispose();
  });

  test.each([
    ['another file', { sha256: 'a'.repeat(64) }, /another file than the job was made with/],
    ['a weight that is not there', { tensors: tensors.slice(1) }, /has no weight "dense_1\/bias"/],
    [
      'another shape',
      { tensors: [tensors[0], { name: 'dense_1/kernel', shape: [1, 3] }] },
      /as \[1, 3\], in the model it is \[3, 1\]/,
    ],
    [
      'too few numbers',
      { tensors: [{ name: 'dense_1/bias', shape: [1] }, { name: 'more', shape: [2] }, tensors[1]] },
      /ends before the weight/,
    ],
    ['no file', { path: join(folder, 'none') }, /ENOENT/],
  ])('are refused for %s, and leave no tensor', async (_, weights, words) => {
    const { tf } = await cpuBackend();
    const before = tf.memory().numTensors;
    await expect(prepare(weights)).rejects.toThrow(words);
    await expect(prepare(weights)).rejects.toBeInstanceOf(TrainingError);
    expect(tf.memory().numTensors).toBe(before);
  });
});

import { join } from 'node:path';

import { openBackend } from '@paceline/training';
import { expect, test } from 'vitest';

import { describeEachBackend } from '../support/backends.ts';
import { readDigits, rowsOf, writeDigits } from '../support/digits.ts';
import { jobFile, runPaceline, train } from '../support/paceline.ts';
import { readModelFrom } from '../support/saved-model.ts';
import { openScratch } from '../support/scratch.ts';

const examples = 70;

/** Two epochs of 4 steps, the last with 20 examples, and 2 more steps; blocks of 16 test examples, the last with 6. */
const settingsOn = (digits: string): readonly string[] => [
  ...[`data.path=${digits}`, 'batchSize=60', 'microbatches=5'],
  ...['until.steps=10', 'until.epochs=9', 'evaluation.batchSize=16'],
];

describeEachBackend((backend, testBackend) => {
  testBackend(
    'each epoch and the run end with an evaluation, equal to the bit for 1 and 3 workers',
    async () => {
      using scratch = openScratch();
      const digits = writeDigits(join(scratch.path, 'digits'), { test: examples });
      const set = settingsOn(digits);
      const [alone, together] = await Promise.all([
        train(scratch, 'mnist-mlp', { workers: 1, backend, set }),
        train(scratch, 'mnist-mlp', { workers: 3, backend, set }),
      ]);
      expect(alone.evaluations.map(({ step }) => step)).toEqual([4, 8, 10]);
      expect(together.evaluations).toEqual(alone.evaluations);
      expect(alone.end.metrics).toEqual(alone.evaluations.at(-1)?.metrics);
    },
  );

  testBackend("paceline evaluate gives the run's last evaluation to the bit", async () => {
    using scratch = openScratch();
    const digits = writeDigits(join(scratch.path, 'digits'), { test: examples });
    const set = settingsOn(digits);
    const job = jobFile('layers.job.ts');
    const { out, evaluations } = await train(scratch, job, { workers: 2, backend, set });
    const overrides = set.flatMap((setting) => ['--set', setting]);
    const args = ['evaluate', job, out, '--json', '--backend', backend, ...overrides];
    const { output } = await runPaceline(scratch, args);
    expect(JSON.parse(output)).toMatchObject({ ...evaluations.at(-1), examples });
  });
});

test('TensorFlow.js loads the saved model, and its predictions have the accuracy and loss of the end', async () => {
  using scratch = openScratch();
  const digits = writeDigits(join(scratch.path, 'digits'), { test: examples });
  const set = settingsOn(digits);
  const { out, end, evaluations } = await train(scratch, 'mnist-mlp', {
    workers: 2,
    backend: 'wasm',
    set,
  });
  expect(end.model).toBe(join(out, 'model'));
  const { tf } = await openBackend('cpu', { threads: 1 });
  const model = await tf.loadLayersModel(readModelFrom(join(out, 'model')));
  const { x, y } = rowsOf(readDigits(digits, 't10k'), [...Array(examples).keys()]);
  const [accuracy = Number.NaN, loss = Number.NaN] = tf.tidy(() => {
    const predictions = model.predict(tf.tensor2d(x)) as ReturnType<typeof tf.tensor2d>;
    const labels = tf.tensor2d(y);
    const right = tf.equal(tf.argMax(predictions, 1), tf.argMax(labels, 1));
    const losses = tf.metrics.categoricalCrossentropy(labels, predictions);
    return [tf.sum(tf.cast(right, 'float32')).dataSync()[0], tf.mean(losses).dataSync()[0]];
  });
  model.dispose();
  expect(accuracy / examples).toBe(end.metrics['accuracy']);
  expect(loss).toBeCloseTo(evaluations.at(-1)?.loss ?? Number.NaN, 5);
});

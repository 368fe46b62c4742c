import { join } from 'node:path';

import { parseJob } from '@paceline/protocol';
import { openBackend, prepareJob } from '@paceline/training';
import type { TensorFlow } from '@paceline/training';
import { expect } from 'vitest';

import { describeEachBackend } from '../support/backends.ts';
import { trainPlainly } from '../support/oracle.ts';
import { jobFile, train } from '../support/paceline.ts';
import { readModelFrom } from '../support/saved-model.ts';
import { openScratch } from '../support/scratch.ts';
import losses from './jobs/losses.job.ts';

type Matrix = ReturnType<TensorFlow['tensor2d']>;

describeEachBackend((backend, testBackend) => {
  testBackend('weights of losses: the bits of the reference, for 1 and 3 workers', async () => {
    using scratch = openScratch();
    const job = jobFile('losses.job.ts');
    const [alone, together] = await Promise.all([
      train(scratch, job, { workers: 1, backend }),
      train(scratch, job, { workers: 3, backend }),
    ]);
    expect(together.end.weightsSha256).toBe(alone.end.weightsSha256);
    expect(together.evaluations).toEqual(alone.evaluations);
    const { settings, functions } = parseJob(losses, { name: 'losses' });
    const prepared = await prepareJob(await openBackend(backend, { threads: 1 }), {
      settings,
      functions,
    });
    const { weightsSha256, loss } = trainPlainly(prepared, settings, alone.end.steps);
    prepared.dispose();
    expect(alone.end).toMatchObject({ weightsSha256, loss });
  });

  testBackend('metrics that are no means are those of TensorFlow.js on all test data', async () => {
    using scratch = openScratch();
    const { out, end } = await train(scratch, jobFile('losses.job.ts'), { workers: 2, backend });
    const { tf } = await openBackend('cpu', { threads: 1 });
    const model = await tf.loadLayersModel(readModelFrom(join(out, 'model')));
    const { test } = losses.data as unknown as {
      test: { x: number[][]; y: { kind: number[][]; size: number[][] } };
    };
    const expected = tf.tidy(() => {
      const [kinds, sizes] = [tf.tensor2d(test.y.kind), tf.tensor2d(test.y.size)];
      const [kind, size] = model.predict(tf.tensor2d(test.x)) as unknown as readonly [
        Matrix,
        Matrix,
      ];
      const decided = tf.cast(tf.greater(kind, 0.5), 'float32');
      return [
        ['kind_precision', tf.metrics.precision(kinds, decided).dataSync()[0]],
        ['kind_recall', tf.metrics.recall(kinds, decided).dataSync()[0]],
        ['size_r2Score', tf.metrics.r2Score(sizes, size).dataSync()[0]],
      ] as const;
    });
    model.dispose();
    expect(Object.keys(end.metrics)).toEqual(expected.map(([name]) => name));
    for (const [name, value = NaN] of expected) expect(end.metrics[name]).toBeCloseTo(value, 4);
  });
});

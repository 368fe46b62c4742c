import { join } from 'node:path';

import { parseJob } from '@paceline/protocol';
import { openBackend, prepareJob } from '@paceline/training';
import type { TensorFlow } from '@paceline/training';
import type { JobDefinition } from 'paceline';
import { builtinJobs } from 'paceline/programs';
import { expect, test } from 'vitest';

import { describeEachBackend } from '../support/backends.ts';
import type { FastBackend } from '../support/backends.ts';
import { readDigits, rowsOf, writeDigits } from '../support/digits.ts';
import { indicesOfStep, planOf, sgdOf, trainPlainly } from '../support/oracle.ts';
import type { Reference } from '../support/oracle.ts';
import { jobFile, train } from '../support/paceline.ts';
import { readModelFrom } from '../support/saved-model.ts';
import { openScratch } from '../support/scratch.ts';
import { readCheckpoint, relativeDifference } from '../support/weights.ts';
import large from './jobs/large.job.ts';
import layers from './jobs/layers.job.ts';
import small from './jobs/small.job.ts';

const examples = 200;

describeEachBackend((backend, testBackend) => {
  const jobs = [
    { what: 'mnist-mlp with momentum', job: 'mnist-mlp', definition: builtinJobs['mnist-mlp'] },
    { what: 'mnist-cnn', job: 'mnist-cnn', definition: builtinJobs['mnist-cnn'] },
    {
      what: 'dropout, batch normalisation, a frozen layer, Nesterov momentum and weight decay',
      job: jobFile('layers.job.ts'),
      definition: layers,
    },
    {
      what: 'layers of several MiB, whose gradients do not wait for each other',
      job: jobFile('large.job.ts'),
      definition: large,
    },
  ];
  for (const { what, job, definition } of jobs) {
    testBackend(`${what}: a run has the bits of the reference in plain JavaScript`, async () => {
      using scratch = openScratch();
      const digits = writeDigits(join(scratch.path, 'digits'), { train: examples });
      const set = [`data.path=${digits}`, 'batchSize=60', 'microbatches=5', 'until.steps=7'];
      const { end } = await train(scratch, job, {
        workers: 2,
        backend,
        set: [...set, 'until.epochs=9'],
      });
      const { weightsSha256, stateSha256, loss } = end;
      const reference = await referenceOf(definition, { backend, set, steps: 7 });
      expect({ weightsSha256, stateSha256, loss }).toEqual(reference);
    });
  }
});

test('empty microbatches of the last batch, and a schedule: a run has the bits of the reference in plain JavaScript', async () => {
  using scratch = openScratch();
  const schedule = 'schedule={"type":"step","everySteps":3,"factor":0.5}';
  const set = ['batchSize=9', 'microbatches=7', 'optimizer.weightDecay=0.01', schedule];
  const job = jobFile('small.job.ts');
  const { end } = await train(scratch, job, { workers: 3, backend: 'wasm', set });
  const { weightsSha256, stateSha256, loss, steps } = end;
  const reference = await referenceOf(small, { backend: 'wasm', set, steps });
  expect({ weightsSha256, stateSha256, loss }).toEqual(reference);
});

test('after 20 steps the weights are those of plain TensorFlow.js on whole batches, to 1e-5', async () => {
  using scratch = openScratch();
  const digits = writeDigits(join(scratch.path, 'digits'), { train: examples });
  const set = [`data.path=${digits}`, 'batchSize=60', 'until.steps=20', 'until.epochs=9'];
  const { out } = await train(scratch, 'mnist-mlp', { workers: 2, backend: 'wasm', set });
  const { settings } = parseJob(builtinJobs['mnist-mlp'], { name: 'mnist-mlp', set });
  const { tf } = await openBackend('cpu', { threads: 1 });
  const model = await tf.loadLayersModel(readModelFrom(join(out, 'model')));
  const trained = weightsOf(model);
  restoreInitial(tf, model, join(out, 'checkpoints', 'step-0'));
  const plan = planOf(settings, examples);
  const { learningRate, momentum } = sgdOf(settings);
  const optimizer = tf.train.momentum(learningRate, momentum);
  for (let step = 0; step < 20; step++) {
    const rows = rowsOf(readDigits(digits, 'train'), indicesOfStep(plan, step));
    optimizer.minimize(() => {
      const predictions = model.apply(tf.tensor2d(rows.x)) as ReturnType<TensorFlow['tensor2d']>;
      return tf.metrics.categoricalCrossentropy(tf.tensor2d(rows.y), predictions).mean().asScalar();
    });
  }
  const expected = weightsOf(model);
  model.dispose();
  optimizer.dispose();
  expect(trained.length).toBe(4);
  for (const [i, values] of expected.entries()) {
    expect(relativeDifference(values, trained[i] ?? new Float32Array())).toBeLessThan(1e-5);
  }
});

type Model = Awaited<ReturnType<TensorFlow['loadLayersModel']>>;

function weightsOf(model: Model): readonly Float32Array[] {
  return model.trainableWeights.map((weight) => Float32Array.from(weight.read().dataSync()));
}

/** Sets the weights to those of a checkpoint, which keeps them in the order of the model's. */
function restoreInitial(tf: TensorFlow, model: Model, checkpoint: string): void {
  const stored = [...readCheckpoint(checkpoint).values()];
  model.trainableWeights.forEach((weight, i) => {
    const { values = new Float32Array(), shape = [] } = stored[i] ?? {};
    const value = tf.tensor(values, [...shape]);
    weight.write(value);
    value.dispose();
  });
}

/** What the reference makes of the same job in this process. */
async function referenceOf(
  definition: JobDefinition | undefined,
  o: { readonly backend: FastBackend; readonly set: readonly string[]; readonly steps: number },
): Promise<Reference> {
  const { settings, functions } = parseJob(definition, { name: 'reference', set: o.set });
  const backend = await openBackend(o.backend, { threads: 1 });
  const prepared = await prepareJob(backend, { settings, functions });
  try {
    return trainPlainly(prepared, settings, o.steps);
  } finally {
    prepared.dispose();
  }
}

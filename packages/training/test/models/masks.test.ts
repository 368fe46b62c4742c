import type { LayersModel } from '@tensorflow/tfjs';
import { expect } from 'vitest';
import type { TensorFlow } from '../../src/backend/interface.ts';
import { weightsInOrder } from '../../src/models/layer-tree.ts';
import { prepareJob } from '../../src/prepare-job.ts';
import { describeEachBackend } from '../gradients/each-backend.ts';
import { indicesOf, jobOf, leafOf, tensorOf } from '../support/jobs.ts';
import { numbersOf } from '../support/numbers.ts';
import { summaryOf } from '../support/summary.ts';
import { relativeDifference, sgdStep, sumOfLeaves } from '../support/training.ts';
import { twinOf } from '../support/twin.ts';

const [count, steps, width] = [6, 4, 3];
const learningRate = 0.2;
/** How many steps of each example are there; the rest is padding. */
const lengths = [4, 2, 3, 1, 4, 2];
const isThere = lengths.flatMap((length) => Array.from({ length: steps }, (_, t) => t < length));

const masking = (tf: TensorFlow): LayersModel =>
  tf.sequential({
    layers: [
      tf.layers.masking({ inputShape: [steps, width] }),
      tf.layers.gru({ units: 3, returnSequences: true, name: 'memory' }),
      tf.layers.timeDistributed({ layer: tf.layers.dense({ units: 2 }), name: 'out' }),
    ],
  });
const embedding = (tf: TensorFlow): LayersModel =>
  tf.sequential({
    layers: [
      tf.layers.embedding({
        inputDim: 5,
        outputDim: 3,
        maskZero: true,
        inputLength: steps,
        name: 'words',
      }),
      tf.layers.simpleRNN({ units: 3, returnSequences: true, name: 'memory' }),
      tf.layers.dense({ units: 2, name: 'out' }),
    ],
  });

const numbers = numbersOf(count * steps * width, 4).map((value, i) =>
  isThere[Math.floor(i / width)] === true ? value : 0,
);
const words = Float32Array.from(isThere, (there, i) => (there ? 1 + (i % 4) : 0));
const y = { values: numbersOf(count * steps * 2, 5), shape: [count, steps, 2] };
const notice =
  'the loss counts the steps of an output that a mask leaves out (as model.fit of tfjs does); sampleWeight 0 takes them out';
const cases = [
  { name: 'a masking layer', build: masking, x: { values: numbers, shape: [count, steps, width] } },
  { name: 'an embedding', build: embedding, x: { values: words, shape: [count, steps] } },
] as const;

describeEachBackend(['cpu', 'wasm', 'tensorflow'], ({ backend, test }) => {
  for (const { name, build, x } of cases) {
    test(`the mask of ${name} is in the model and not in the loss, as in trainOnBatch() of tfjs`, async () => {
      const { tf } = backend();
      const data = { type: 'arrays', train: { x, y } } as const;
      const job = await prepareJob(
        backend(),
        jobOf({ loss: 'meanSquaredError', data, batchSize: count }, { model: build }),
      );
      const model = twinOf(tf, job, build);
      expect(job.notices).toEqual([notice]);
      model.compile({ optimizer: tf.train.sgd(learningRate), loss: 'meanSquaredError' });
      const [xs, ys] = [tf.tensor(x.values, [...x.shape]), tf.tensor(y.values, y.shape)];
      const loss = (await model.trainOnBatch(xs, ys)) as number;
      for (const microbatches of [1, 4]) {
        const sum = sumOfLeaves(job, 0, { first: 0, count, microbatches });
        expect(summaryOf(job, sum.slice(0, job.scalars.length)).loss).toBeCloseTo(loss, 5);
        const flat = sgdStep(job, job.initialParameters(), { sum, learningRate });
        for (const weight of weightsInOrder(model)) {
          const ours = tensorOf(job, flat, weight.originalName);
          expect(relativeDifference(ours, weight.read().dataSync())).toBeLessThan(2e-5);
        }
      }
      model.dispose();
      job.dispose();
    });
  }

  test('weights of single steps leave the padding out of the loss', async () => {
    const { tf } = backend();
    const sampleWeight = { values: Float32Array.from(isThere, Number), shape: [count, steps] };
    const { build, x } = cases[0];
    const data = { type: 'arrays', train: { x, y, sampleWeight } } as const;
    const job = await prepareJob(
      backend(),
      jobOf({ loss: 'meanSquaredError', data, batchSize: count }, { model: build }),
    );
    const leaf = leafOf(job, { indices: indicesOf(0, count) });
    const model = twinOf(tf, job, build);
    const p = (
      model.predict(tf.tensor(x.values, [...x.shape])) as { dataSync(): Float32Array }
    ).dataSync();
    const errors = p.map((value, i) => (value - (y.values[i] ?? NaN)) ** 2);
    const kept = errors.filter((_, i) => isThere[Math.floor(i / 2)]);
    // The divisor stays the number of steps, padded or not.
    const mean = kept.reduce((sum, error) => sum + error, 0) / (count * steps * 2);
    expect((leaf[1] ?? NaN) / count).toBeCloseTo(mean, 5);
    model.dispose();
    job.dispose();
  });
});

import { join } from 'node:path';

import { parseJob } from '@paceline/protocol';
import { openDataset } from '@paceline/training';
import { expect, test } from 'vitest';

import job from '../../examples/stochastic/job.ts';
import { describeEachBackend } from '../support/backends.ts';
import { exampleFile, keepCheckpoints, trainWithEveryCount } from '../support/examples.ts';
import { descended, meanSquaredErrorOf, steppedOn, withOnes } from '../support/least-squares.ts';
import type { LeastSquares, Matrix } from '../support/least-squares.ts';
import { indicesOfStep, planOf } from '../support/oracle.ts';
import { train } from '../support/paceline.ts';
import { openScratch } from '../support/scratch.ts';
import { readCheckpoint, rowsOf } from '../support/weights.ts';

const file = exampleFile('stochastic/job.ts');
const { settings } = parseJob(job, { name: 'stochastic' });
/** The gradient of a mean of squares is twice that of half of it. */
const rate = 2 * 0.1;
const fullBatch = [keepCheckpoints, 'batchSize=256', 'microbatches=8'];

describeEachBackend((backend, testBackend) => {
  testBackend('stochastic: the same bits for 1, 2, 3 and 5 workers', async () => {
    using scratch = openScratch();
    await trainWithEveryCount(scratch, file, { backend, set: ['until.epochs=1'] });
  });
});

test('stochastic: the weights are those of plain SGD over the same batches, in double precision', async () => {
  using scratch = openScratch();
  const { out, end } = await train(scratch, file, {
    workers: 2,
    set: ['until.epochs=10', keepCheckpoints],
  });
  const data = await dataOf();
  const plan = planOf(settings, data.z.length);
  let theta = thetaOf(join(out, 'checkpoints', 'step-0'));
  for (let step = 0; step < 640; step += 1) {
    theta = steppedOn(theta, data, { rows: indicesOfStep(plan, step), rate });
  }
  expect(end.steps).toBe(640);
  expectClose(thetaOf(join(out, 'checkpoints', 'step-640')), theta);
});

test('stochastic: with the whole data as batch it is gradient descent, in closed form, and ends at the least squares', async () => {
  using scratch = openScratch();
  const set = [...fullBatch, 'until.epochs=200', 'evaluation.everyEpochs=200'];
  const { out, end } = await train(scratch, file, { workers: 2, set });
  const data = await dataOf();
  const initial = thetaOf(join(out, 'checkpoints', 'step-0'));
  expectClose(
    thetaOf(join(out, 'checkpoints', 'step-200')),
    descended(initial, data, { rate, steps: 200 }),
  );
  const least = meanSquaredErrorOf(descended(initial, data, { rate, steps: 2 ** 20 }), data);
  expect(end.loss).toBeCloseTo(least, 5);
});

async function dataOf(): Promise<LeastSquares> {
  const { train: split } = await openDataset(settings.data, undefined, {
    seed: settings.seed,
    labels: 'oneHot',
  });
  const batch = await split.read(Uint32Array.from({ length: split.examples }, (_, i) => i));
  const [x, y] = [batch.x, batch.y].map(([array]) => {
    const width = array?.shape[1] ?? 1;
    return Array.from({ length: split.examples }, (_, row) => [
      ...(array?.values ?? []).slice(row * width, (row + 1) * width),
    ]);
  });
  return { z: withOnes(x ?? []), y: y ?? [] };
}

/** W over b: 9 x 1. */
function thetaOf(checkpoint: string): Matrix {
  const tensors = readCheckpoint(checkpoint);
  return [...rowsOf(tensors, 'dense_1/kernel'), ...rowsOf(tensors, 'dense_1/bias')];
}

function expectClose(found: Matrix, expected: Matrix): void {
  expect(found).toHaveLength(expected.length);
  found.flat().forEach((value, i) => {
    expect(value).toBeCloseTo(expected.flat()[i] ?? NaN, 5);
  });
}

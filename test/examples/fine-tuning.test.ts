import { join } from 'node:path';

import { parseJob } from '@paceline/protocol';
import { openBackend } from '@paceline/training';
import type { NumberArray } from '@paceline/training';
import { afterAll, beforeAll, expect, test } from 'vitest';

import { fiveDigits } from '../../examples/fine-tuning/digits.ts';
import job from '../../examples/fine-tuning/job.ts';
import { describeEachBackend } from '../support/backends.ts';
import { exampleFile, keepCheckpoints, trainWithEveryCount } from '../support/examples.ts';
import { indicesOfStep, planOf } from '../support/oracle.ts';
import { runPaceline, train } from '../support/paceline.ts';
import { readModelFrom } from '../support/saved-model.ts';
import { openScratch } from '../support/scratch.ts';
import { accuracyOf, trainSoftmaxRegression } from '../support/softmax-regression.ts';
import type { LabelledRows, SoftmaxRegression } from '../support/softmax-regression.ts';
import { readCheckpoint, rowsOf } from '../support/weights.ts';

const file = exampleFile('fine-tuning/job.ts');
const scratch = openScratch();
const trunk = join(scratch.path, 'runs', 'trunk');

beforeAll(async () => {
  const settings = ['--set', 'until.steps=80', '--out', 'runs/trunk', '--quiet'];
  const args = ['train', exampleFile('fine-tuning/trunk.ts'), ...settings];
  const { exitCode, errors } = await runPaceline(scratch, args);
  expect(exitCode, errors).toBe(0);
});

afterAll(() => {
  scratch[Symbol.dispose]();
});

describeEachBackend((backend, testBackend) => {
  testBackend('fine-tuning: the same bits for 1, 2, 3 and 5 workers', async () => {
    await trainWithEveryCount(scratch, file, { backend, set: ['until.epochs=1'] });
  });
});

test('fine-tuning: the trunk keeps its bits, and the head is a softmax regression on what it makes of the digits', async () => {
  const { out, end, evaluations } = await train(scratch, file, {
    workers: 2,
    set: [keepCheckpoints],
  });
  expect(end.steps).toBe(200);
  const [before, after] = ['step-0', 'step-200'].map((step) =>
    readCheckpoint(join(out, 'checkpoints', step)),
  );
  const saved = readCheckpoint(join(trunk, 'checkpoints', 'step-80'));
  for (const name of ['conv2d_1', 'conv2d_2'].flatMap((of) => [`${of}/kernel`, `${of}/bias`])) {
    expect(after?.get(name)?.values, name).toEqual(saved.get(name)?.values);
  }
  if (before === undefined || after === undefined) throw new Error('no checkpoints');

  const examples = await strokesOf(fiveDigits('train', 5, 500));
  const unseen = await strokesOf(fiveDigits('t10k', 5));
  const expected = trainHead(headOf(before), examples.strokes);
  const found = headOf(after);
  [...found.kernel, found.bias].flat().forEach((weight, i) => {
    expect(weight).toBeCloseTo([...expected.kernel, expected.bias].flat()[i] ?? NaN, 3);
  });
  const accuracy = evaluations.at(-1)?.metrics['accuracy'];
  expect(accuracy).toBeCloseTo(accuracyOf(expected, unseen.strokes), 2);
  // Without what the trunk knows, the same 500 digits teach less.
  const blank = Array.from({ length: 784 }, () => [0, 0, 0, 0, 0]);
  const plain = trainHead({ kernel: blank, bias: [0, 0, 0, 0, 0] }, examples.pixels);
  expect(accuracy).toBeGreaterThan(accuracyOf(plain, unseen.pixels) + 0.03);
});

/** SGD over the batches of the run. */
function trainHead(model: SoftmaxRegression, rows: LabelledRows): SoftmaxRegression {
  const { settings } = parseJob(job, { name: 'fine-tuning' });
  const plan = planOf(settings, rows.x.length);
  const batches = Array.from({ length: 200 }, (_, step) => indicesOfStep(plan, step));
  trainSoftmaxRegression(model, rows, { learningRate: 0.02, momentum: 0.9, batches });
  return model;
}

function headOf(tensors: ReturnType<typeof readCheckpoint>): SoftmaxRegression {
  const [bias = []] = rowsOf(tensors, 'head/bias');
  return { kernel: rowsOf(tensors, 'head/kernel'), bias };
}

/** Digits as their pixels, and as the saved model sees them before its own head: TensorFlow.js alone computes it. */
async function strokesOf({
  examples,
  read,
}: ReturnType<typeof fiveDigits>): Promise<{ strokes: LabelledRows; pixels: LabelledRows }> {
  const batch = await read(Uint32Array.from({ length: examples }, (_, i) => i));
  const { values } = batch.x as { readonly values: NumberArray };
  const y = batch.y as readonly number[];
  const { tf } = await openBackend('wasm', { threads: 1 });
  const saved = await tf.loadLayersModel(readModelFrom(join(trunk, 'model')));
  const output = saved.getLayer('strokes').output;
  const seen = tf.tidy(() => {
    const images = tf.tensor4d(values as Float32Array, [examples, 28, 28, 1]);
    const found = tf.model({ inputs: saved.inputs, outputs: output }).predict(images);
    return [found].flat()[0]?.dataSync<'float32'>() ?? new Float32Array();
  });
  saved.dispose();
  return { strokes: { x: rowsIn(seen, 800), y }, pixels: { x: rowsIn(values, 784), y } };
}

function rowsIn(values: ArrayLike<number>, width: number): readonly Float32Array[] {
  const all = Float32Array.from(values);
  return Array.from({ length: all.length / width }, (_, row) =>
    all.subarray(row * width, (row + 1) * width),
  );
}

// What a user would write in a project that installed paceline. Texts, because they must be compiled and run there.

/** A job with its own model and data, typed by the published declarations. */
export const jobFile = `
import { arrays, defineJob } from 'paceline';

const inputs = Array.from({ length: 64 }, (_, i) => [i / 64, (i * 7 % 64) / 64]);

export default defineJob({
  name: 'plane',
  model: (tf) => tf.sequential({ layers: [tf.layers.dense({ inputShape: [2], units: 1 })] }),
  loss: 'meanSquaredError',
  data: arrays({ train: { x: inputs, y: inputs.map(([a = 0, b = 0]) => [2 * a - b + 1]) } }),
  optimizer: { type: 'sgd', learningRate: 0.2 },
  batchSize: 16,
  microbatches: 2,
  until: { steps: 200 },
});
`;

/**
 * The same with a field of the wrong type, on the line after a comment that expects the compiler to say so. Its model is
 * data: where no overload of defineJob fits, the compiler has no type for a function's parameter either.
 */
export const wrongJobFile = jobFile
  .replace(/model: .*/, "model: { class_name: 'Sequential' },")
  .replace('  batchSize: 16,', "  // @ts-expect-error a word\n  batchSize: 'many',");

/** Trains the job from code and prints how it ended, as JSON. */
export const trainingScript = `
import { fileURLToPath } from 'node:url';
import { train } from 'paceline';

const steps: number[] = [];
const end = await train({
  job: fileURLToPath(new URL('./job.ts', import.meta.url)),
  workers: 2,
  backend: 'wasm',
  out: process.argv[2] ?? 'out',
  everySteps: 1,
  onEvent: (event) => {
    if (event.type === 'step') steps.push(event.step);
  },
});
process.stdout.write(JSON.stringify({ end, steps }));
`;

/** A compiled model and the arguments of its `fit`, twice with as many workers; prints what came back, as JSON. */
export const fitScript = `
import * as tf from '@tensorflow/tfjs';
import { train } from 'paceline';

const x = Array.from({ length: 48 }, (_, i) => [i / 48, ((i * 7) % 48) / 48]);
const y = x.map(([a = 0, b = 0]) => [2 * a - b + 1]);
const shas: (string | undefined)[] = [];
const losses: unknown[] = [];
for (const workers of [1, 2]) {
  const model = tf.sequential({
    layers: [tf.layers.dense({ inputShape: [2], units: 1, kernelInitializer: 'ones' })],
  });
  model.compile({ optimizer: tf.train.momentum(0.1, 0.5), loss: 'meanSquaredError' });
  const before = model.evaluate(tf.tensor2d(x), tf.tensor2d(y)) as tf.Scalar;
  const { history, weightsSha256 } = await train(model, { x, y }, { epochs: 80, workers, backend: 'wasm' });
  const after = model.evaluate(tf.tensor2d(x), tf.tensor2d(y)) as tf.Scalar;
  shas.push(weightsSha256);
  losses.push([before.dataSync()[0], after.dataSync()[0], history['loss']?.length]);
}
process.stdout.write(JSON.stringify({ shas, losses }));
`;

/** A job on rows of text, which a thread of the installed package reads. */
export const rowsJobFile = `
import { csv, defineJob } from 'paceline';

export default defineJob({
  name: 'rows',
  model: (tf) => tf.sequential({ layers: [tf.layers.dense({ inputShape: [2], units: 1 })] }),
  loss: 'meanSquaredError',
  data: csv({ train: 'rows.csv', columns: { x: ['a', 'b'], y: ['y'] }, split: { test: 0.25 } }),
  optimizer: { type: 'sgd', learningRate: 0.2 },
  batchSize: 16,
  microbatches: 2,
  until: { epochs: 60 },
});
`;

/** Rows of y = 2 a - b + 1. */
export const rowsFile: string = [
  'a,b,y',
  ...Array.from({ length: 64 }, (_, i) => [i / 64, ((i * 7) % 64) / 64]).map(
    ([a = 0, b = 0]) => `${String(a)},${String(b)},${String(2 * a - b + 1)}`,
  ),
].join('\n');

/** Compiler settings of a strict user; nothing of this repository's. */
export const userTsconfig: string = JSON.stringify({
  compilerOptions: {
    target: 'es2024',
    lib: ['es2024'],
    module: 'nodenext',
    types: ['node'],
    strict: true,
    exactOptionalPropertyTypes: true,
    noEmit: true,
    skipLibCheck: true,
  },
  include: ['*.ts'],
});

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

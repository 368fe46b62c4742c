/**
 * How long a worker's computation waits for its data: where it reads them itself between two leaves, and where a thread reads the
 * next ones meanwhile. Leaves of 32 examples of a small network, in turns.
 *
 *     node --conditions=paceline-source benchmarks/data/stalls.ts [--backend wasm|tensorflow]
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { exampleIndices } from '@paceline/math';
import { openBackend } from '@paceline/training';
import type { Backend, GradientTask, PreparedJob, TensorFlow } from '@paceline/training';
import { openInThread } from '../../packages/training/src/datasets/reader/open-in-thread.ts';
import { openDataset } from '../../packages/training/src/datasets/registry.ts';
import type { DataSettings } from '../../packages/training/src/datasets/registry.ts';
import { prepareJob } from '../../packages/training/src/prepare-job.ts';
import { writeFiles } from './files.ts';

const microbatch = 32;
const [rounds, leaves] = [5, 24];

/** Milliseconds a leaf. */
interface Times {
  readonly compute: number;
  readonly wait: number;
}

const { values } = parseArgs({ options: { backend: { type: 'string', default: 'wasm' } } });
const backend = await openBackend(values.backend === 'tensorflow' ? 'tensorflow' : 'wasm', {
  threads: 1,
});
const folder = mkdtempSync(join(tmpdir(), 'paceline-stalls-'));
try {
  process.stdout.write('| data | compute | wait, read here | wait, read by a thread |\n');
  process.stdout.write('| --- | --- | --- | --- |\n');
  for (const [name, data] of Object.entries(writeFiles(folder))) await measure(name, data);
} finally {
  rmSync(folder, { recursive: true });
}

async function measure(name: string, data: DataSettings): Promise<void> {
  const here = await prepareJob(backend, jobOn(data), openDataset);
  const there = await prepareJob(backend, jobOn(data), (settings, _, options) =>
    openInThread(settings, options),
  );
  const found: { readonly here: Times; readonly there: Times }[] = [];
  for (let round = 0; round < rounds; round += 1) {
    const first = round * leaves;
    found.push({ here: readHere(here, first), there: await readThere(there, first) });
  }
  here.dispose();
  there.dispose();
  const middle = (of: (times: (typeof found)[number]) => number): number =>
    found.map(of).sort((a, b) => a - b)[rounds >> 1] ?? NaN;
  const row = [
    middle(({ here: { compute } }) => compute),
    middle(({ here: { wait } }) => wait),
    middle(({ there: { wait } }) => wait),
  ].map((ms) => `${ms.toFixed(2)} ms`);
  process.stdout.write(`| ${[name, ...row].join(' | ')} |\n`);
}

function taskOf({ splits, order }: PreparedJob, step: number): GradientTask {
  const plan = { examples: splits.train.examples, batchSize: microbatch, microbatches: 1, order };
  return { step, microbatch: 0, indices: exampleIndices(plan, step, 0) };
}

function readHere(job: PreparedJob, first: number): Times {
  let [compute, wait] = [0, 0];
  for (let step = first; step < first + leaves; step += 1) {
    const task = taskOf(job, step);
    const since = performance.now();
    job.readAhead(task);
    const read = performance.now();
    job.gradient(task, (_, values) => values());
    wait += read - since;
    compute += performance.now() - read;
  }
  return { compute: compute / leaves, wait: wait / leaves };
}

async function readThere(job: PreparedJob, first: number): Promise<Times> {
  let [compute, wait] = [0, 0];
  let task = taskOf(job, first);
  await job.load(task);
  for (let step = first; step < first + leaves; step += 1) {
    const next = taskOf(job, step + 1);
    job.readAhead(next);
    const since = performance.now();
    job.gradient(task, (_, values) => values());
    const computed = performance.now();
    await job.load(next);
    task = next;
    compute += computed - since;
    wait += performance.now() - computed;
  }
  return { compute: compute / leaves, wait: wait / leaves };
}

function jobOn(data: DataSettings): Parameters<typeof prepareJob>[1] {
  return {
    settings: {
      ...{ model: { type: 'function' }, loss: lossFor(data), metrics: [] },
      ...{ data, seed: 1, batchSize: microbatch, microbatches: 1 },
    },
    functions: { model: (tf: TensorFlow) => modelFor(tf, data) },
  };
}

function isOfRows({ type }: DataSettings): boolean {
  return type === 'csv' || type === 'parquet';
}

function lossFor(data: DataSettings): string {
  return isOfRows(data) ? 'sparseCategoricalCrossentropy' : 'categoricalCrossentropy';
}

function modelFor({ layers, sequential }: Backend['tf'], data: DataSettings) {
  const last = layers.dense({ units: 10, activation: 'softmax' });
  if (isOfRows(data)) {
    const wide = { units: 256, activation: 'relu' } as const;
    return sequential({
      layers: [layers.dense({ inputShape: [64], ...wide }), layers.dense(wide), last],
    });
  }
  const inputShape = data.type === 'mnist' ? [28, 28, 1] : [32, 32, 3];
  const convolution = { filters: 16, kernelSize: 3, activation: 'relu' } as const;
  return sequential({
    layers: [
      layers.conv2d({ inputShape, ...convolution }),
      layers.maxPooling2d({ poolSize: 2 }),
      layers.conv2d({ ...convolution, filters: 32 }),
      layers.maxPooling2d({ poolSize: 2 }),
      layers.flatten(),
      last,
    ],
  });
}

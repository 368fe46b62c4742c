import { createExampleOrder, exampleIndices } from '@paceline/math';
import { parseJob } from '@paceline/protocol';
import { openBackend, prepareJob } from '@paceline/training';
import { expect, test } from 'vitest';

import { writeDigits } from '../support/digits.ts';
import { finished, startTraining } from '../support/paceline.ts';
import { residentBytes } from '../support/processes.ts';
import { openScratch } from '../support/scratch.ts';
import small from './jobs/small.job.ts';

const megabyte = 2 ** 20;

test('2,000 steps of the compute loop make no tensor that stays', async () => {
  const { settings, functions } = parseJob(small, { name: 'small' });
  const backend = await openBackend('wasm', { threads: 1 });
  const job = await prepareJob(backend, { settings, functions });
  const { examples } = job.splits.train;
  const { seed } = settings;
  const plan = { ...settings, examples, order: createExampleOrder({ seed, examples }) };
  const parameters = job.initialParameters();
  const counts = new Set<number>();
  for (let step = 0; step < 2_000; step++) {
    job.setParameters(parameters);
    const indices = exampleIndices(plan, step, 0);
    job.gradient({ step, microbatch: 0, indices }, () => undefined);
    if (step % 100 === 0) job.evaluate(Uint32Array.of(0, 1));
    counts.add(backend.tf.memory().numTensors);
  }
  job.dispose();
  expect(counts.size).toBe(1);
});

// V8's heap grows in a few strides until about step 3,500 and then stays: what counts begins after that.
test('server and worker hold no more memory after 1,900 steps than after 1,000', async () => {
  using scratch = openScratch();
  const digits = writeDigits(`${scratch.path}/digits`);
  const running = startTraining(scratch, 'mnist-mlp', {
    workers: 1,
    backend: 'wasm',
    set: [
      ...[`data.path=${digits}`, 'batchSize=4', 'microbatches=1', 'evaluation.everyEpochs=99'],
      ...['until.steps=2000', 'until.epochs=99', 'optimizer.learningRate=0.01'],
    ],
    flags: ['--every', '100'],
  });
  const server = await running.event('server', ({ event }) => event === 'started');
  const worker = await running.event('worker', ({ event }) => event === 'joined');
  const memoryAt = async (steps: number): Promise<readonly number[]> => {
    await running.event('step', ({ step }) => step >= steps);
    return [residentBytes(server.pid), residentBytes(worker.pid)];
  };
  const before = await memoryAt(1_000);
  const after = await memoryAt(1_900);
  await finished(running);
  for (const [i, bytes] of after.entries()) {
    expect(bytes).toBeGreaterThan(20 * megabyte);
    // One vector of 0.4 MB that stays in each step would be 360 MB; V8's heap alone goes up and down by dozens.
    expect(bytes - (before[i] ?? 0)).toBeLessThan(100 * megabyte);
  }
});

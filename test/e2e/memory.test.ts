import { createExampleOrder, exampleIndices } from '@paceline/math';
import { parseJob } from '@paceline/protocol';
import { openBackend, prepareJob } from '@paceline/training';
import type { TrainingJob } from '@paceline/training';
import { expect, test } from 'vitest';

import { finished, jobFile, startTraining } from '../support/paceline.ts';
import { residentBytes } from '../support/processes.ts';
import { openScratch } from '../support/scratch.ts';
import small from './jobs/small.job.ts';

const megabyte = 2 ** 20;

test('2,000 steps of the compute loop make no tensor that stays', async () => {
  const { settings, functions } = parseJob(small, { name: 'small' });
  const backend = await openBackend('wasm', { threads: 1 });
  const job = await prepareJob(backend, { settings, functions } as unknown as TrainingJob);
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
test('server and worker hold no more memory after 6,000 steps than after 4,000', async () => {
  using scratch = openScratch();
  const set = ['until.steps=6000', 'until.epochs=9999', 'evaluation.everyEpochs=100'];
  const running = startTraining(scratch, jobFile('small.job.ts'), {
    workers: 1,
    backend: 'wasm',
    set,
    flags: ['--every', '100'],
  });
  const server = await running.event('server', ({ event }) => event === 'started');
  const worker = await running.event('worker', ({ event }) => event === 'joined');
  const memoryAt = async (steps: number): Promise<readonly number[]> => {
    await running.event('step', ({ step }) => step >= steps);
    return [residentBytes(server.pid), residentBytes(worker.pid)];
  };
  const [serverBefore = 0, workerBefore = 0] = await memoryAt(4_000);
  const [serverAfter = 0, workerAfter = 0] = await memoryAt(5_900);
  await finished(running);
  expect(serverBefore).toBeGreaterThan(20 * megabyte);
  expect(workerBefore).toBeGreaterThan(20 * megabyte);
  // A kilobyte that is kept in each step would be a megabyte; V8 alone takes and gives back several.
  expect(serverAfter - serverBefore).toBeLessThan(16 * megabyte);
  expect(workerAfter - workerBefore).toBeLessThan(16 * megabyte);
});

// A process that computes leaves of a model and nothing else: `node leaf-process.ts MODEL`. It says {} when it is ready;
// then each line is a number of leaves, and the answer {"seconds": s}.
import { writeSync } from 'node:fs';
import { createInterface } from 'node:readline';
import { setImmediate } from 'node:timers/promises';

import { createExampleOrder, exampleIndices } from '@paceline/math';
import { parseJob } from '@paceline/protocol';
import { openBackend, prepareJob } from '@paceline/training';

import { models } from '../../../packages/benchmark/src/board/models.ts';

const say = (answer: object): void => {
  writeSync(1, `${JSON.stringify(answer)}\n`);
};

const model = models.find(({ name }) => name === process.argv[2]);
if (model === undefined) throw new Error(`there is no model ${String(process.argv[2])}`);
const { settings, functions } = parseJob(model.job);
const { batchSize, microbatches, seed } = settings;
const backend = await openBackend('tensorflow', { threads: 1, onNotice: () => undefined });
const job = await prepareJob(backend, { settings, functions });
const { examples } = job.splits.train;
const plan = { examples, batchSize, microbatches, order: createExampleOrder({ seed, examples }) };
const parameters = job.initialParameters();
const into = new Float32Array(parameters.length);
let step = 0;

say({});
for await (const line of createInterface({ input: process.stdin })) {
  const start = performance.now();
  for (let leaf = 0; leaf < Number(line); leaf += 1) {
    computeLeaf();
    await setImmediate();
  }
  say({ seconds: (performance.now() - start) / 1000 });
}

function computeLeaf(): void {
  const indices = exampleIndices(plan, step, 0);
  job.setParameters(parameters);
  job.gradient({ step, microbatch: 0, indices }, (offset, read) => {
    into.set(read(), offset);
  });
  step += 1;
}

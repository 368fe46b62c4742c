import { fileURLToPath } from 'node:url';

import type { ModelBenchmark } from '../board/model-benchmark.ts';
import { createCommandedContestant } from './commanded-contestant.ts';
import { startCommanded } from './commanded-process.ts';
import type { Absent, Contestant } from './contestant.ts';
import { names } from './names.ts';

const name = names.fit;

/** tfjs-node's own `model.fit` in one process, on all cores; absent without native TensorFlow. */
export async function startModelFit({
  batchSize,
  job,
  warmUpSteps,
  blockSteps,
}: ModelBenchmark): Promise<Contestant | Absent> {
  const isSource = import.meta.url.endsWith('.ts');
  const main = new URL(`./model-fit-process${isSource ? '.ts' : '.js'}`, import.meta.url);
  const conditions = isSource ? ['--conditions=paceline-source'] : [];
  const order = JSON.stringify({ batchSize, job });
  const args = [...conditions, fileURLToPath(main), order];
  const child = startCommanded(process.execPath, args, process.env);
  const { absent } = await child.ask('');
  if (typeof absent === 'string') {
    await child[Symbol.asyncDispose]();
    return { name, absent };
  }
  await child.ask(String(warmUpSteps));
  const pids = { [name]: child.pid };
  return createCommandedContestant({ name, process: child, pids, blockSteps });
}

import { fileURLToPath } from 'node:url';

import type { ModelBenchmark } from '../board/model-benchmark.ts';
import { createCommandedContestant } from './commanded-contestant.ts';
import { startCommanded } from './commanded-process.ts';
import type { Absent, Contestant } from './contestant.ts';
import { names } from './names.ts';

const script = fileURLToPath(new URL('../../peers/torch_ddp.py', import.meta.url));
const name = names.torch;

/** PyTorch's DistributedDataParallel over gloo, 2 ranks of one thread; absent where `torch` cannot be imported. */
export async function startTorch(
  { name: model, warmUpSteps, blockSteps }: ModelBenchmark,
  python: string,
): Promise<Contestant | Absent> {
  const process = startCommanded(python, [script, model], torchEnvironment());
  try {
    const { pids } = (await process.ask('')) as { readonly pids: Readonly<Record<string, number>> };
    await process.ask(String(warmUpSteps));
    return createCommandedContestant({ name, process, pids, blockSteps });
  } catch (error) {
    await process[Symbol.asyncDispose]();
    const words = error instanceof Error ? error.message : String(error);
    if (!/No module named 'torch'|ENOENT/.test(words)) throw error;
    return { name, absent: `${python} cannot import torch (PACELINE_BENCH_PYTHON names another)` };
  }
}

/** PyTorch brings its own kernels: what the surroundings settle for OpenBLAS is not for it. */
function torchEnvironment(): NodeJS.ProcessEnv {
  const { OPENBLAS_CORETYPE: _type, OPENBLAS_L2_SIZE: _size, ...rest } = process.env;
  return rest;
}

import { fileURLToPath } from 'node:url';

import { createCommandedContestant } from '../../../packages/benchmark/src/contestants/commanded-contestant.ts';
import { startCommanded } from '../../../packages/benchmark/src/contestants/commanded-process.ts';
import type { Absent, Contestant } from '../../../packages/benchmark/src/contestants/contestant.ts';

const script = fileURLToPath(new URL('../peers/gloo_allreduce.py', import.meta.url));
const name = 'gloo all-reduce';

/** The same vector summed by gloo, 2 ranks of one thread; absent where `torch` cannot be imported. */
export async function startGloo(o: {
  readonly python: string;
  readonly parameters: number;
  readonly warmUpSteps: number;
  readonly blockSteps: number;
}): Promise<Contestant | Absent> {
  const { python, parameters, warmUpSteps, blockSteps } = o;
  const peer = startCommanded(python, [script, String(parameters)], process.env);
  try {
    const { pids } = (await peer.ask('')) as { readonly pids: Readonly<Record<string, number>> };
    await peer.ask(String(warmUpSteps));
    return createCommandedContestant({ name, process: peer, pids, blockSteps });
  } catch (error) {
    await peer[Symbol.asyncDispose]();
    const words = error instanceof Error ? error.message : String(error);
    if (!/No module named 'torch'|ENOENT/.test(words)) throw error;
    return { name, absent: `${python} cannot import torch (PACELINE_BENCH_PYTHON names another)` };
  }
}

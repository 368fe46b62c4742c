import { fileURLToPath } from 'node:url';

import { createCommandedContestant } from './commanded-contestant.ts';
import { startCommanded } from './commanded-process.ts';
import type { Absent, Contestant } from './contestant.ts';

/** A peer that is written in Python, with torch. */
export interface PythonPeer {
  readonly name: string;
  /** A script in `peers/`, and its one argument. */
  readonly script: string;
  readonly argument: string;
  readonly warmUpSteps: number;
  readonly blockSteps: number;
}

/** Starts it and lets it warm up; absent where `torch` cannot be imported. */
export async function startPythonPeer(
  { name, script, argument, warmUpSteps, blockSteps }: PythonPeer,
  python: string,
): Promise<Contestant | Absent> {
  const path = fileURLToPath(new URL(`../../peers/${script}`, import.meta.url));
  const process = startCommanded(python, [path, argument], torchEnvironment());
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

/**
 * PyTorch brings its own kernels: what the surroundings settle for OpenBLAS is not for it. And nothing is left beside the
 * scripts, where this may not write.
 */
function torchEnvironment(): NodeJS.ProcessEnv {
  const { OPENBLAS_CORETYPE: _type, OPENBLAS_L2_SIZE: _size, ...rest } = process.env;
  return { ...rest, PYTHONDONTWRITEBYTECODE: '1' };
}

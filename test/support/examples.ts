import { fileURLToPath } from 'node:url';

import { expect } from 'vitest';

import type { FastBackend } from './backends.ts';
import { bitsOf, train } from './paceline.ts';
import type { FinishedRun } from './paceline.ts';
import type { Scratch } from './scratch.ts';

const examples = new URL('../../examples/', import.meta.url);

/** Path of a job file, as `iris/job.ts`. */
export function exampleFile(name: string): string {
  return fileURLToPath(new URL(name, examples));
}

/** Trains a job with 1, 2, 3 and 5 workers, holds their bits against each other, and gives the run of two. */
export async function trainWithEveryCount(
  scratch: Scratch,
  job: string,
  options: { readonly backend: FastBackend; readonly set?: readonly string[] },
): Promise<FinishedRun> {
  const run = await train(scratch, job, { workers: 2, ...options });
  for (const workers of [1, 3, 5]) {
    const other = await train(scratch, job, { workers, ...options });
    expect(bitsOf(other), `${workers} workers`).toEqual(bitsOf(run));
  }
  return run;
}

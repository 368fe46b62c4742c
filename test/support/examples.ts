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

/** For a run that has more to learn than a few steps can: just below what a test may take. */
export const longDeadlineMs = 170_000;

/** Every checkpoint stays, the one of the beginning too. */
export const keepCheckpoints = 'checkpoint.keep=1000';

/** Trains a job with 1, 2, 3 and 5 workers, holds their bits against each other, and gives the run of two. */
export async function trainWithEveryCount(
  scratch: Scratch,
  job: string,
  options: { readonly backend: FastBackend; readonly set?: readonly string[] },
): Promise<FinishedRun> {
  const trainWith = (workers: number): Promise<FinishedRun> =>
    train(scratch, job, { workers, ...options });
  // Two at a time: much of a short run is waiting for processes to start.
  const [two, three] = await Promise.all([trainWith(2), trainWith(3)]);
  const [one, five] = await Promise.all([trainWith(1), trainWith(5)]);
  expect([one, three, five].map(bitsOf)).toEqual([two, two, two].map(bitsOf));
  return two;
}

import { checkCheckpoint, ServerError } from '@paceline/server';

import { findCheckpoints } from './find-checkpoints.ts';

/** One checkpoint after every byte of it was read. */
export type CheckpointReport =
  | {
      readonly path: string;
      readonly isValid: true;
      readonly step: number;
      readonly createdAtMs: number;
      /** Of all files together. */
      readonly bytes: number;
      readonly run: string;
      readonly jobHash: string;
    }
  | { readonly path: string; readonly isValid: false; readonly reason: string };

/**
 * Checks every checkpoint of a run's folder, of a folder of checkpoints, or a single one, in the order of their steps.
 * Blocks for as long as it takes to read them.
 *
 * @throws PacelineError `checkpoint-missing` where there are none
 */
export function checkCheckpoints(directory: string): readonly CheckpointReport[] {
  return findCheckpoints(directory).map(checkOne);
}

function checkOne(path: string): CheckpointReport {
  try {
    const { facts, bytes } = checkCheckpoint(path);
    const { step, createdAtMs, run, jobHash } = facts;
    return { path, isValid: true, step, createdAtMs, bytes, run, jobHash };
  } catch (error) {
    if (!(error instanceof ServerError)) throw error;
    return { path, isValid: false, reason: error.message };
  }
}

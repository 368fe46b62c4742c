import type { CheckpointImage } from '@paceline/server';
import { readCheckpoint, ServerError } from '@paceline/server';

import { PacelineError } from '../errors.ts';
import { findCheckpoints } from './find-checkpoints.ts';

/**
 * Reads the newest checkpoint that is whole, of a run's folder, of a folder of checkpoints, or a single one.
 *
 * @throws PacelineError `checkpoint-missing` where there are none, `checkpoint-damaged` where none is whole
 */
export function readNewestCheckpoint(
  directory: string,
): CheckpointImage & { readonly path: string } {
  const reasons: string[] = [];
  for (const path of findCheckpoints(directory).toReversed()) {
    try {
      return readCheckpoint(path);
    } catch (error) {
      if (!(error instanceof ServerError)) throw error;
      reasons.push(`${path}: ${error.message}`);
    }
  }
  const words = `No checkpoint in ${directory} is whole`;
  throw new PacelineError('checkpoint-damaged', `${words}. ${reasons.join('; ')}.`);
}

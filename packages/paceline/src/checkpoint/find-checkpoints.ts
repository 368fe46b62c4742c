import { existsSync, statSync } from 'node:fs';
import { join } from 'node:path';

import { listCheckpoints } from '@paceline/server';

import { PacelineError } from '../errors.ts';

/**
 * Paths of the checkpoints of a folder, whole or not, in the order of their steps. The folder is that of a run, one of
 * checkpoints, or a checkpoint itself.
 *
 * @throws PacelineError `checkpoint-missing`
 */
export function findCheckpoints(directory: string): readonly string[] {
  const found = checkpointsIn(directory);
  if (found.length > 0) return found;
  const places = ['manifest.json', 'step-N', 'checkpoints/step-N'].join(' nor ');
  throw new PacelineError(
    'checkpoint-missing',
    `There are no checkpoints in ${directory}: neither ${places}. ` +
      'Give the folder of a run, of checkpoints, or one checkpoint.',
  );
}

/** The same, empty where there are none. */
export function checkpointsIn(directory: string): readonly string[] {
  if (existsSync(join(directory, 'manifest.json'))) return [directory];
  for (const folder of [directory, join(directory, 'checkpoints')]) {
    if (statSync(folder, { throwIfNoEntry: false })?.isDirectory() !== true) continue;
    const found = listCheckpoints(folder);
    if (found.length > 0) return found;
  }
  return [];
}

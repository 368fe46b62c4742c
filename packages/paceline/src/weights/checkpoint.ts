import { join } from 'node:path';

import { createLayout } from '@paceline/math';
import { modelOfImage } from '@paceline/server';

import { readNewestCheckpoint } from '../checkpoint/newest-checkpoint.ts';
import type { SavedTensor } from './saved-tensor.ts';

/**
 * The tensors of the model of the newest whole checkpoint of a run, a folder of checkpoints, or of one checkpoint; every byte of it
 * is checked.
 *
 * @throws PacelineError `checkpoint-missing`, `checkpoint-damaged`
 */
export function readCheckpointWeights(directory: string): {
  readonly file: string;
  readonly tensors: readonly SavedTensor[];
} {
  const image = readNewestCheckpoint(directory);
  const { path, facts } = image;
  const model = modelOfImage(image);
  const layout = createLayout(facts.layout.tensors);
  // Vectors of parameters lack the scalars that layouts begin with.
  const first = layout.sections.trainable.offset;
  const tensors = layout.tensors
    .filter(({ section }) => section !== 'scalars')
    .map(({ name, shape, offset, size }) => {
      const bytes = model.subarray(4 * (offset - first), 4 * (offset - first + size));
      return { name, shape, bytes };
    });
  return { file: join(path, 'parameters.safetensors'), tensors };
}

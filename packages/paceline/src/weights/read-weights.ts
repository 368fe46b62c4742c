import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';

import type { ParameterLayout } from '@paceline/math';

import { PacelineError } from '../errors.ts';
import { checkpointsIn } from '../checkpoint/find-checkpoints.ts';
import { readCheckpointWeights } from './checkpoint.ts';
import { readLayersModel } from './layers-model.ts';
import { readSafetensors } from './safetensors.ts';
import type { SavedTensor } from './saved-tensor.ts';

/** Where a saved model may be below a folder: that of a run, or its own. First found, first taken. */
const places = [
  'model/model.json',
  'model/weights.safetensors',
  'model.json',
  'weights.safetensors',
];

/**
 * Reads saved weights from a run's folder, a saved model or a checkpoint. Of a run that has no model yet, and of a
 * folder of checkpoints, it takes the newest checkpoint that is whole.
 *
 * @throws PacelineError `weights-missing` with the files looked for, `weights-unreadable`, `checkpoint-damaged`
 */
export async function readSavedWeights(
  directory: string,
): Promise<{ readonly file: string; readonly tensors: readonly SavedTensor[] }> {
  const file = places.map((place) => join(directory, place)).find((path) => existsSync(path));
  if (file === undefined) {
    if (checkpointsIn(directory).length > 0) return readCheckpointWeights(directory);
    throw new PacelineError(
      'weights-missing',
      `There are no saved weights in ${directory}: neither ${places.join(', nor ')}, nor a checkpoint. ` +
        'Give a folder of a run, a saved model or a checkpoint.',
    );
  }
  const tensors = file.endsWith('.json')
    ? await readLayersModel(file)
    : readSafetensors(file, await readFile(file));
  return { file, tensors };
}

/**
 * Puts saved tensors at their places in a job's flat vector (4 bytes little-endian each, as all machines that run
 * TensorFlow have them).
 *
 * @throws PacelineError `weights-mismatch`: a parameter that is missing, too many, or of another shape
 */
export function toFlatVector(
  layout: ParameterLayout,
  tensors: readonly SavedTensor[],
  file: string,
): Float32Array {
  const saved = new Map(tensors.map((tensor) => [tensor.name, tensor]));
  const flat = new Float32Array(layout.length);
  for (const place of layout.tensors) {
    if (place.section === 'scalars') continue;
    const tensor = saved.get(place.name);
    if (tensor === undefined) throw mismatch(file, `it has no ${place.name}`);
    if (tensor.shape.join() !== place.shape.join()) {
      const shapes = `[${tensor.shape.join(', ')}], and the job's is [${place.shape.join(', ')}]`;
      throw mismatch(file, `${place.name} is ${shapes}`);
    }
    new Uint8Array(flat.buffer, place.offset * 4, place.size * 4).set(tensor.bytes);
    saved.delete(place.name);
  }
  const [extra] = saved.keys();
  if (extra !== undefined) throw mismatch(file, `the job has no ${extra}`);
  return flat;
}

function mismatch(file: string, why: string): PacelineError {
  return new PacelineError(
    'weights-mismatch',
    `${file} does not fit this job: ${why}. It is of another job, or the model was changed since.`,
  );
}

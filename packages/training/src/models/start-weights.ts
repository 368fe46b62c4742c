/** Weights that training begins with instead of those of the seed: the `weights.bin` of a saved model. */
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import type { Backend } from '../backend/interface.ts';
import { TrainingError, messageOf } from '../errors.ts';
import type { StartWeights } from '../job.ts';
import type { ModelVariable } from './model.ts';

/**
 * Sets every variable to what the file has for its name. Blocks.
 * @throws {TrainingError} `missing-data` for a file that cannot be read; `bad-data` for one that is another, or does not
 * fit the model.
 */
export function assignStartWeights(
  backend: Backend,
  { path, sha256, tensors }: StartWeights,
  variables: readonly ModelVariable[],
): void {
  const values = readFloats(path, sha256);
  const stored = placesOf(tensors);
  for (const { name, shape, variable } of variables) {
    const place = stored.get(name);
    if (place === undefined) throw badStart(path, `has no weight "${name}"`);
    if (place.shape.join() !== shape.join()) {
      const shapes = `[${place.shape.join(', ')}], in the model it is [${shape.join(', ')}]`;
      throw badStart(path, `has the weight "${name}" as ${shapes}`);
    }
    const end = place.offset + variable.size;
    if (end > values.length) throw badStart(path, `ends before the weight "${name}"`);
    const tensor = backend.fromFlat(values.subarray(place.offset, end), place.shape);
    variable.assign(tensor);
    tensor.dispose();
  }
}

interface Place {
  readonly offset: number;
  readonly shape: readonly number[];
}

function placesOf(tensors: StartWeights['tensors']): ReadonlyMap<string, Place> {
  let offset = 0;
  const places = new Map<string, Place>();
  for (const { name, shape } of tensors) {
    places.set(name, { offset, shape });
    offset += shape.reduce((product, dimension) => product * dimension, 1);
  }
  return places;
}

function readFloats(path: string, sha256: string): Float32Array {
  const bytes = readBytes(resolve(path));
  if (createHash('sha256').update(bytes).digest('hex') !== sha256) {
    throw badStart(path, 'is another file than the job was made with');
  }
  // A copy: a small file comes in memory that is not aligned to numbers.
  return new Float32Array(Uint8Array.from(bytes).buffer, 0, Math.floor(bytes.byteLength / 4));
}

function readBytes(path: string): Uint8Array {
  try {
    return readFileSync(path);
  } catch (error) {
    throw new TrainingError('missing-data', `start.weights: ${messageOf(error)}`, {
      data: { path },
      cause: error,
    });
  }
}

function badStart(path: string, reason: string): TrainingError {
  return new TrainingError('bad-data', `start.weights: ${path} ${reason}`, { data: { path } });
}

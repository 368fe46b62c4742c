import { readFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';

import { PacelineError } from '../errors.ts';
import type { SavedTensor } from './saved-tensor.ts';

interface Manifest {
  readonly weightsManifest: readonly {
    readonly paths: readonly string[];
    readonly weights: readonly {
      readonly name: string;
      readonly shape: readonly number[];
      readonly dtype: string;
    }[];
  }[];
}

/**
 * The tensors of a model in TensorFlow.js's layers-model format: `model.json` and the files that it names.
 *
 * @throws PacelineError `weights-unreadable`, naming the file
 */
export async function readLayersModel(file: string): Promise<readonly SavedTensor[]> {
  const manifest = await readManifest(file);
  const groups = manifest.weightsManifest.map(async ({ paths, weights }) => {
    const parts = await Promise.all(paths.map((path) => readFile(join(dirname(file), path))));
    const data = new Uint8Array(Buffer.concat(parts));
    let offset = 0;
    return weights.map(({ name, shape, dtype }) => {
      if (dtype !== 'float32') throw broken(file, `${name} is ${dtype}, not float32`);
      const bytes = 4 * shape.reduce((size, dimension) => size * dimension, 1);
      if (offset + bytes > data.byteLength) throw broken(file, `the data of ${name} are cut short`);
      offset += bytes;
      return { name, shape, bytes: data.subarray(offset - bytes, offset) };
    });
  });
  return (await Promise.all(groups)).flat();
}

async function readManifest(file: string): Promise<Manifest> {
  try {
    const manifest = JSON.parse(await readFile(file, 'utf8')) as Partial<Manifest>;
    if (!Array.isArray(manifest.weightsManifest)) throw broken(file, 'it lists no weights');
    return manifest as Manifest;
  } catch (cause) {
    if (cause instanceof PacelineError) throw cause;
    throw broken(file, cause instanceof Error ? cause.message : String(cause), cause);
  }
}

function broken(file: string, why: string, cause?: unknown): PacelineError {
  return new PacelineError('weights-unreadable', `${file} is no saved model: ${why}.`, { cause });
}

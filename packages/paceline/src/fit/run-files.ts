import { createHash } from 'node:crypto';
import { closeSync, mkdirSync, openSync } from 'node:fs';
import { join } from 'node:path';

import type { JobSettings } from '@paceline/protocol';
import type { DescribedModel, DescribedWeight } from '@paceline/training';

import type { NpyData, NpyFiles } from '../file-datasets.ts';
import type { ShapedArray } from './arrays.ts';
import type { Arrays, Divided } from './divide.ts';
import type { OptimizerState } from './optimizer-state.ts';
import { writeAll } from './write-all.ts';
import { writeNpy } from './write-npy.ts';

type StartSettings = NonNullable<JobSettings['start']>;
type StartFile = Pick<StartSettings['weights'], 'path' | 'sha256'>;

/** Where in a run's folder the data are. */
export const dataFolder = 'data';

/** Writes the examples below a run's folder, one array after the other. Blocks. */
export function writeData(
  out: string,
  { train, test }: Divided,
  shuffle: 'full' | 'none',
): NpyData {
  const folder = join(out, dataFolder);
  mkdirSync(folder, { recursive: true });
  return {
    type: 'npy',
    train: writeSplit(folder, 'train', train),
    ...(test === undefined ? {} : { test: writeSplit(folder, 'validation', test) }),
    shuffle,
  };
}

function writeSplit(folder: string, split: string, { x, y, sampleWeight }: Arrays): NpyFiles {
  const write = (side: string, arrays: readonly ShapedArray[]): Record<string, string> | string => {
    const files = arrays.map((array, i) => {
      const path = join(folder, `${split}-${side}${arrays.length === 1 ? '' : String(i)}.npy`);
      writeNpy(path, array);
      return [array.name, path] as const;
    });
    const [only] = files;
    return files.length === 1 && only !== undefined ? only[1] : Object.fromEntries(files);
  };
  const weights = sampleWeight.length === 0 ? {} : { sampleWeight: write('weight', sampleWeight) };
  return { x: write('x', x), y: write('y', y), ...weights };
}

/** Writes the weights of a model, and what its optimizer has done, below a run's folder. */
export async function writeStart(
  out: string,
  { trainable, others }: DescribedModel,
  state: OptimizerState | undefined,
): Promise<StartSettings> {
  const folder = join(out, 'start');
  mkdirSync(folder, { recursive: true });
  const weights = [...trainable, ...others];
  const tensors = weights.map(({ name, shape }) => ({ name, shape }));
  const file = await writePieces(join(folder, 'weights.bin'), valuesOf(weights));
  if (state === undefined) return { weights: { ...file, tensors } };
  const slots: [string, StartFile][] = [];
  for (const [slot, values] of Object.entries(state.slots)) {
    slots.push([slot, await writePieces(join(folder, `optimizer-${slot}.bin`), [values])]);
  }
  const optimizer = { updates: state.updates, slots: Object.fromEntries(slots) };
  return { weights: { ...file, tensors }, optimizer };
}

async function* valuesOf(weights: readonly DescribedWeight[]): AsyncGenerator<Float32Array> {
  for (const { variable } of weights) yield await variable.data<'float32'>();
}

async function writePieces(
  path: string,
  pieces: AsyncIterable<Float32Array> | Iterable<Float32Array>,
): Promise<StartFile> {
  const hash = createHash('sha256');
  const file = openSync(path, 'w');
  try {
    for await (const { buffer, byteOffset, byteLength } of pieces) {
      const bytes = new Uint8Array(buffer, byteOffset, byteLength);
      hash.update(bytes);
      writeAll(file, bytes);
    }
  } finally {
    closeSync(file);
  }
  return { path, sha256: hash.digest('hex') };
}

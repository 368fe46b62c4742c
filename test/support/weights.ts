import { readFileSync } from 'node:fs';
import { join } from 'node:path';

/** A tensor of a file, by hand. */
export interface StoredTensor {
  readonly shape: readonly number[];
  readonly values: Float32Array;
}

interface SafetensorsEntry {
  readonly shape: readonly number[];
  readonly data_offsets: readonly [number, number];
}

/** Tensors of a checkpoint, or of another safetensors file of a folder, by name, read as the safetensors format says: length of the header, header, data. */
export function readCheckpoint(
  folder: string,
  name = 'parameters.safetensors',
): ReadonlyMap<string, StoredTensor> {
  const file = readFileSync(join(folder, name));
  const headerEnd = 8 + Number(file.readBigUInt64LE(0));
  const header = JSON.parse(file.toString('utf8', 8, headerEnd)) as Record<
    string,
    SafetensorsEntry
  >;
  const entries = Object.entries(header).filter(([name]) => name !== '__metadata__');
  return new Map(
    entries.map(
      ([
        name,
        {
          shape,
          data_offsets: [from, to],
        },
      ]) => {
        const bytes = Uint8Array.from(file.subarray(headerEnd + from, headerEnd + to));
        return [name, { shape, values: new Float32Array(bytes.buffer) }];
      },
    ),
  );
}

/** The largest difference of two vectors, relative to the largest number of the first. */
export function relativeDifference(left: Float32Array, right: Float32Array): number {
  const largest = left.reduce((most, value) => Math.max(most, Math.abs(value)), 0);
  const difference = left.reduce(
    (most, value, i) => Math.max(most, Math.abs(value - (right[i] ?? Number.NaN))),
    0,
  );
  return difference / largest;
}

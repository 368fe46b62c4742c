import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parquetWriteBuffer } from 'hyparquet-writer';
import { encode } from 'jpeg-js';
import { PNG } from 'pngjs';
import type { DataSettings } from '../../packages/training/src/datasets/registry.ts';

const examples = 1024;
const side = 32;
const columns = 64;

/** Noise that does not compress, the same each time. */
function noise(): () => number {
  let state = 1;
  return () => (state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0) / 2 ** 32;
}

/** Data of several kinds in `folder`, with what they are called. */
export function writeFiles(folder: string): Readonly<Record<string, DataSettings>> {
  return {
    'PNG files of 64 x 64': writeImages(join(folder, 'png'), 'png'),
    'JPEG files of 64 x 64': writeImages(join(folder, 'jpeg'), 'jpeg'),
    'CSV, 64 columns': writeCsv(join(folder, 'rows.csv')),
    'Parquet, 64 columns': writeParquet(join(folder, 'rows.parquet')),
    'MNIST, cropped and mirrored': {
      ...{ type: 'mnist', flatten: false },
      augment: { crop: { padding: 4 }, flip: 'horizontal' },
    },
  };
}

function writeImages(folder: string, kind: 'png' | 'jpeg'): DataSettings {
  const next = noise();
  for (let i = 0; i < examples; i += 1) {
    const image = new PNG({ width: 64, height: 64 });
    image.data = Buffer.from(Array.from({ length: 64 * 64 * 4 }, () => Math.floor(next() * 256)));
    const place = join(folder, String(i % 10));
    mkdirSync(place, { recursive: true });
    const bytes = kind === 'png' ? PNG.sync.write(image) : encode(image, 80).data;
    writeFileSync(join(place, `${String(i)}.${kind}`), bytes);
  }
  const form = { size: [side, side], channels: 3, onBadExample: 'fail' } as const;
  return { type: 'images', train: folder, ...form };
}

const names = Array.from({ length: columns }, (_, i) => `c${String(i)}`);

function writeCsv(file: string): DataSettings {
  const next = noise();
  const row = (_: unknown, i: number): string =>
    [...names.map(() => next().toFixed(6)), i % 10].join(',');
  const rows = Array.from({ length: examples }, row);
  writeFileSync(file, [[...names, 'y'].join(','), ...rows, ''].join('\n'));
  return {
    ...({ type: 'csv', delimiter: ',', header: true, onBadExample: 'fail' } as const),
    ...{ train: file, columns: { x: names, y: ['y'] }, categories: { y: 'found' } },
  };
}

function writeParquet(file: string): DataSettings {
  const next = noise();
  const data = (name: string, of: (i: number) => number) => ({
    ...({ name, type: 'FLOAT' } as const),
    data: Float32Array.from({ length: examples }, (_, i) => of(i)),
  });
  const columnData = [...names.map((name) => data(name, next)), data('y', (i) => i % 10)];
  writeFileSync(file, Buffer.from(parquetWriteBuffer({ columnData, rowGroupSize: 512 })));
  return {
    ...({ type: 'parquet', categories: {}, shuffle: 'blocks', onBadExample: 'fail' } as const),
    ...{ train: file, columns: { x: names, y: ['y'] } },
  };
}

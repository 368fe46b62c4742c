import { z } from 'zod';

import { realNumber, wholeNumber } from '../values.ts';
import { exampleFields } from './examples.ts';
import type { ExampleSettings } from './examples.ts';
import { pathSchema, shuffleSchema, testFraction } from './files.ts';
import type { Shuffle, TestFraction } from './files.ts';
import type { DataMember } from './member.ts';

/** A path or the name of an array; or several by the name of the input or output. */
export type OneOrByName = string | Readonly<Record<string, string>>;
/** Files of the inputs and of the labels. */
export interface NpyFiles {
  readonly x: OneOrByName;
  readonly y: OneOrByName;
  /** Weights of the examples: for all outputs, or by their names. */
  readonly sampleWeight?: OneOrByName;
}
/** An archive, and the names of arrays in it. */
export interface NpzArrays extends NpyFiles {
  readonly file: string;
}
/** How arrays are given. */
export interface NumpyForm extends ExampleSettings {
  /** By how much each number of x is multiplied. */
  readonly scale: number;
  /** Labels are class numbers below this. */
  readonly classes?: number;
  readonly split?: TestFraction;
  readonly shuffle: Shuffle;
}
/** NumPy arrays in files of their own. */
export interface NpySettings extends NumpyForm {
  readonly type: 'npy';
  readonly train: NpyFiles;
  readonly test?: NpyFiles;
}
/** NumPy arrays in an archive. */
export interface NpzSettings extends NumpyForm {
  readonly type: 'npz';
  readonly train: NpzArrays;
  readonly test?: NpzArrays;
}

const arrays = z.union(
  [pathSchema, z.record(z.string(), pathSchema)],
  'must be one array, or several by the name of the input or output',
);
const files = z.strictObject({
  x: arrays.describe('Array of the inputs, or several by name.'),
  y: arrays.describe('Array of the labels, or several by name.'),
  sampleWeight: arrays
    .exactOptional()
    .describe('By what the loss of each example is multiplied; by name for several outputs.'),
});
const archive = z.strictObject({
  file: pathSchema.describe('Archive of the arrays.'),
  ...files.shape,
});
const form = {
  split: testFraction,
  shuffle: shuffleSchema('full'),
  scale: realNumber('must be a number other than 0', (value) => value !== 0)
    .default(1)
    .describe('By how much each number of x is multiplied.'),
  classes: wholeNumber(2)
    .exactOptional()
    .describe('Labels are 0 to classes - 1; without it they are numbers as they are.'),
  ...exampleFields,
};

/** Check of NumPy files. */
export const npy: DataMember<NpySettings> = z.strictObject({
  type: z.literal('npy'),
  train: files,
  test: files.exactOptional(),
  ...form,
});

/** Check of NumPy archives. */
export const npz: DataMember<NpzSettings> = z.strictObject({
  type: z.literal('npz'),
  train: archive,
  test: archive.exactOptional(),
  ...form,
});

import { z } from 'zod';

import { wholeNumber } from '../values.ts';
import { exampleFields } from './examples.ts';
import type { ExampleSettings } from './examples.ts';
import {
  differentWords,
  onBadExampleSchema,
  pathSchema,
  shuffleSchema,
  testFraction,
} from './files.ts';
import type { OnBadExample, Shuffle, TestFraction } from './files.ts';
import type { DataMember } from './member.ts';

/** Folders with a folder of PNG and JPEG files for each class. */
export interface ImagesSettings extends ExampleSettings {
  readonly type: 'images';
  readonly train: string;
  readonly test?: string;
  readonly split?: TestFraction;
  readonly shuffle: Shuffle;
  /** Only these classes, in this order; all folders, sorted, without it. */
  readonly classes?: readonly string[];
  /** [height, width] to which all images are scaled. */
  readonly size: readonly [number, number];
  /** Grey or colour. */
  readonly channels: 1 | 3;
  readonly onBadExample: OnBadExample;
}

const side = wholeNumber(1, 65_536);

/** Check of folders of images. */
export const images: DataMember<ImagesSettings> = z.strictObject({
  type: z.literal('images'),
  train: pathSchema.describe('Folder with a folder for each class.'),
  test: pathSchema.exactOptional().describe('The same for the test.'),
  split: testFraction,
  shuffle: shuffleSchema('full'),
  classes: differentWords
    .exactOptional()
    .describe('The folders that are classes, in their order; others are left out and counted.'),
  size: z
    .tuple([side, side], 'must be [height, width]')
    .describe('[height, width] to which all images are scaled.'),
  channels: z
    .literal([1, 3], 'must be 1 (grey) or 3 (colour)')
    .default(3)
    .describe('1 for grey, 3 for colour.'),
  onBadExample: onBadExampleSchema.describe('What becomes of an image that cannot be decoded.'),
  ...exampleFields,
});

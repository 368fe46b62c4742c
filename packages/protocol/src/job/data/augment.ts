import { z } from 'zod';

import type { LocalMarker } from '../local.ts';
import { realNumber, wholeNumber } from '../values.ts';

/** What lies beyond the edge of an image: zeros, its last pixels, or its mirror image. */
export type CropFill = 'zero' | 'edge' | 'reflect';

/** Random changes of images [height, width, channels], in this order; each that is not named is left out. */
export interface ImageAugmentSettings {
  /** `padding` pixels are added on each side, and a part of the old size is cut out anywhere. */
  readonly crop?: { readonly padding: number; readonly fill: CropFill };
  /** Every other image is mirrored, left to right or top to bottom; `both` decides for each of the two. */
  readonly flip?: 'horizontal' | 'vertical' | 'both';
  /** A number between minus this and this is added to all values. */
  readonly brightness?: number;
  /** The distances from the mean of a channel are multiplied by a number between 1 minus this and 1 plus this. */
  readonly contrast?: number;
  /** A square with sides of so many pixels is zero; its centre is anywhere. */
  readonly cutout?: number;
}

/** How training examples are changed each time that they are read; a marker stands for a function of the job file. */
export type AugmentSettings = ImageAugmentSettings | LocalMarker;

const mostPixels = 65_536;
const fills: z.ZodType<CropFill> = z.enum(['zero', 'edge', 'reflect']);

const fields = z.strictObject({
  $local: z.literal('function').exactOptional(),
  crop: z
    .strictObject({
      padding: wholeNumber(1, mostPixels).describe('Pixels that are added on each side.'),
      fill: fills.default('zero').describe('What is added: zero, edge, reflect.'),
    })
    .exactOptional()
    .describe('Pads images and cuts a part of their size out anywhere.'),
  flip: z
    .enum(['horizontal', 'vertical', 'both'])
    .exactOptional()
    .describe('Mirrors every other image.'),
  brightness: realNumber('must be a number above 0', (value) => value > 0)
    .exactOptional()
    .describe('The most that is added to all values of an image, or taken from them.'),
  contrast: realNumber('must be a number above 0 and at most 1', (value) => value > 0 && value <= 1)
    .exactOptional()
    .describe('By how much the distances from the mean grow or shrink at most.'),
  cutout: wholeNumber(1, mostPixels)
    .exactOptional()
    .describe('Side of a square that is zero, in pixels.'),
});

/** Check of the field `augment`. */
export const augmentSchema: z.ZodExactOptional<z.ZodType<AugmentSettings>> = (
  fields as z.ZodType<AugmentSettings>
)
  .exactOptional()
  .describe('Random changes of the training examples, keyed by seed, step and example.');

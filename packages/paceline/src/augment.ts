import type { AugmentFunction } from '@paceline/training';

/**
 * Random changes of images [height, width, channels], done in this order each time that a training example is read; what is
 * left out is not done. Labels stay as they are.
 */
export interface ImageAugment {
  /** Adds `padding` pixels on each side (zeros by default), and cuts a part of the old size out anywhere. */
  readonly crop?: { readonly padding: number; readonly fill?: 'zero' | 'edge' | 'reflect' };
  /** Mirrors every other image left to right, top to bottom, or decides for each of the two. */
  readonly flip?: 'horizontal' | 'vertical' | 'both';
  /** Adds a number between minus this and this to all values. */
  readonly brightness?: number;
  /** Multiplies the distances from the mean of each channel by a number between 1 minus this and 1 plus this. */
  readonly contrast?: number;
  /** Makes a square with sides of so many pixels zero, anywhere. */
  readonly cutout?: number;
}

/**
 * How training examples are changed: settings, or a function of yours that draws from what it is given. The changes follow from
 * the seed, the step and the example: the same for every number of workers, and after every restart.
 */
export type Augment = ImageAugment | AugmentFunction;

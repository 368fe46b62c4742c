import type { AugmentFunction, ExampleFilter } from '@paceline/training';

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

/** What every kind of data has but `linear`. */
export interface ExampleOptions {
  /** How training examples are changed each time that they are read. */
  readonly augment?: Augment;
  /**
   * Which examples there are: called once for each, also of the test, when the data are opened. Those for which it gives
   * false are left out and counted. It must depend on the example alone.
   */
  readonly filter?: ExampleFilter;
}

/** A value of a row. */
export type RowValue = string | number | boolean;

/**
 * Which rows there are, by column or field: a value, or conditions that must all hold (both ends of a range are included).
 * Numbers are compared as numbers, texts as texts. A value that is missing fulfils nothing but `not`.
 */
export type Where = Readonly<
  Record<
    string,
    | RowValue
    | {
        readonly equals?: RowValue;
        readonly in?: readonly RowValue[];
        readonly not?: RowValue | readonly RowValue[];
        readonly min?: string | number;
        readonly max?: string | number;
      }
  >
>;

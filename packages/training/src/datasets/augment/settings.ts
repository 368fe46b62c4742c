/** What may be done to the training examples each time that they are read. */
import type { Random } from '@paceline/math';
import type { LocalMarker } from '../../local-marker.ts';

/** Random changes of images [height, width, channels], in this order. */
export interface ImageAugmentSettings {
  readonly crop?:
    | { readonly padding: number; readonly fill?: 'zero' | 'edge' | 'reflect' | undefined }
    | undefined;
  readonly flip?: 'horizontal' | 'vertical' | 'both' | undefined;
  readonly brightness?: number | undefined;
  readonly contrast?: number | undefined;
  readonly cutout?: number | undefined;
}

/** Plain settings, or a marker where the job has an {@link AugmentFunction}. */
export type AugmentSettings = ImageAugmentSettings | LocalMarker;

/** The numbers of one input or output of one example; row-major. */
export interface ExampleArray {
  readonly values: Float32Array | Int32Array;
  /** Without the number of examples. */
  readonly shape: readonly number[];
}

/** An example: its inputs and its labels. `X` and `Y` are one array, or several by name when the data have names. */
export interface Example<X = ExampleArray, Y = ExampleArray> {
  /** Its place in the training split. */
  readonly index: number;
  readonly x: X;
  readonly y: Y;
}

/**
 * Changes an example: either the values in it, or by giving others of the same number. All that it draws must come from
 * `random`, which is keyed by seed, step and example; so is Math.random meanwhile.
 */
export type AugmentFunction<X = ExampleArray, Y = ExampleArray> = (
  example: Example<X, Y>,
  random: Random,
) => { readonly x?: X; readonly y?: Y } | undefined;

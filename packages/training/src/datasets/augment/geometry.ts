/** Where each pixel of a changed image comes from: padding, cropping and mirroring treat rows and columns apart. */
import type { Random } from '@paceline/math';
import type { ImageAugmentSettings } from './settings.ts';

/** Sizes of an image whose values stand row by row, the channels of a pixel side by side. */
export interface ImageShape {
  readonly height: number;
  readonly width: number;
  readonly channels: number;
}

/** The row and the column from which each one is taken; -1 where there is none. */
export interface Sources {
  readonly rows: Int32Array;
  readonly columns: Int32Array;
}

/** A whole number from 0 to `below` - 1, uniform to 2^-32. */
export function drawBelow(random: Random, below: number): number {
  return Math.floor(random.uniform() * below);
}

/** Draws, in this order: offset of the rows, of the columns, mirror left to right, mirror top to bottom. */
export function drawSources(
  { height, width }: ImageShape,
  { crop, flip }: ImageAugmentSettings,
  random: Random,
): Sources {
  const rows = Int32Array.from({ length: height }, (_, i) => i);
  const columns = Int32Array.from({ length: width }, (_, i) => i);
  if (crop !== undefined) {
    const { padding, fill = 'zero' } = crop;
    for (const [line, size] of [
      [rows, height],
      [columns, width],
    ] as const) {
      const offset = drawBelow(random, 2 * padding + 1) - padding;
      line.forEach((place, i) => {
        line[i] = inside[fill](place + offset, size);
      });
    }
  }
  if (flip === 'horizontal' || flip === 'both') mirrorHalf(columns, random);
  if (flip === 'vertical' || flip === 'both') mirrorHalf(rows, random);
  return { rows, columns };
}

function mirrorHalf(line: Int32Array, random: Random): void {
  if (random.uniform() < 0.5) line.reverse();
}

type Fill = (place: number, size: number) => number;

/** A place that may lie outside of 0 to size - 1, brought inside; -1 for none. */
const inside: Readonly<Record<'zero' | 'edge' | 'reflect', Fill>> = {
  zero: (place, size) => (place < 0 || place >= size ? -1 : place),
  edge: (place, size) => Math.min(Math.max(place, 0), size - 1),
  reflect(place, size) {
    // The edge itself is not repeated: -1 is 1, as in numpy.pad.
    const period = Math.max(1, 2 * (size - 1));
    const within = ((place % period) + period) % period;
    return Math.min(within, period - within);
  },
};

/** Writes the image that the sources describe. */
export function copyFrom(
  { rows, columns }: Sources,
  { width, channels }: ImageShape,
  { from, into }: { readonly from: Float32Array; readonly into: Float32Array },
): void {
  let at = 0;
  for (const row of rows) {
    for (const column of columns) {
      const start = (row * width + column) * channels;
      const isThere = row >= 0 && column >= 0;
      for (let channel = 0; channel < channels; channel += 1) {
        into[at] = isThere ? (from[start + channel] ?? 0) : 0;
        at += 1;
      }
    }
  }
}

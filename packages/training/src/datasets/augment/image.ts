/** Random changes of one image. */
import type { Random } from '@paceline/math';
import { copyFrom, drawBelow, drawSources } from './geometry.ts';
import type { ImageShape } from './geometry.ts';
import type { ImageAugmentSettings } from './settings.ts';

/**
 * Writes a changed copy of `from` into `into`; [height, width, channels] both. What is drawn is drawn in a fixed order, and
 * only exact operations are used: the same stream gives the same bits on every machine.
 */
export function augmentImage(
  { from, into }: { readonly from: Float32Array; readonly into: Float32Array },
  shape: ImageShape,
  { settings, random }: { readonly settings: ImageAugmentSettings; readonly random: Random },
): void {
  copyFrom(drawSources(shape, settings, random), shape, { from, into });
  const { brightness, contrast, cutout } = settings;
  if (brightness !== undefined) add(into, drawAround(random, brightness));
  if (contrast !== undefined) stretch(into, shape.channels, 1 + drawAround(random, contrast));
  if (cutout !== undefined) cut(into, shape, { size: cutout, random });
}

/** Uniform between -most and most. */
function drawAround(random: Random, most: number): number {
  return (2 * random.uniform() - 1) * most;
}

function add(values: Float32Array, delta: number): void {
  values.forEach((value, i) => {
    values[i] = value + delta;
  });
}

/** Distances from the mean of each channel times `factor`. */
function stretch(values: Float32Array, channels: number, factor: number): void {
  for (let channel = 0; channel < channels; channel += 1) {
    let sum = 0;
    for (let i = channel; i < values.length; i += channels) sum += values[i] ?? 0;
    const mean = sum / (values.length / channels);
    for (let i = channel; i < values.length; i += channels) {
      values[i] = mean + ((values[i] ?? 0) - mean) * factor;
    }
  }
}

/** DeVries and Taylor, Improved Regularization of Convolutional Neural Networks with Cutout (2017): the square may stick out. */
function cut(
  values: Float32Array,
  { height, width, channels }: ImageShape,
  { size, random }: { readonly size: number; readonly random: Random },
): void {
  const top = drawBelow(random, height) - Math.floor(size / 2);
  const left = drawBelow(random, width) - Math.floor(size / 2);
  const [first, end] = [Math.max(0, left), Math.min(width, left + size)];
  for (let row = Math.max(0, top); row < Math.min(height, top + size); row += 1) {
    values.fill(0, (row * width + first) * channels, (row * width + end) * channels);
  }
}

import { createRandom } from '@paceline/math';
import type { Random } from '@paceline/math';
import { describe, expect, it } from 'vitest';
import { augmentImage } from '../../../src/datasets/augment/image.ts';
import type { ImageAugmentSettings } from '../../../src/datasets/augment/settings.ts';

/** A stream of these numbers in [0, 1). */
function given(...numbers: readonly number[]): Random {
  let next = 0;
  return {
    uint32: () => 0,
    uniform() {
      next += 1;
      const number = numbers[next - 1];
      if (number === undefined) throw new Error('more was drawn than expected');
      return number;
    },
  };
}

function changed(
  values: readonly number[],
  settings: ImageAugmentSettings,
  { width, channels = 1, random }: { width: number; channels?: number; random: Random },
): number[] {
  const from = Float32Array.from(values);
  const into = new Float32Array(from.length);
  const shape = { height: from.length / width / channels, width, channels };
  augmentImage({ from, into }, shape, { settings, random });
  expect([...from]).toEqual([...Float32Array.from(values)]);
  return [...into];
}

const nine = [1, 2, 3, 4, 5, 6, 7, 8, 9];

describe('a crop of a padded image', () => {
  // Offsets are floor(5 u) - 2 with a padding of 2, first of the rows, then of the columns.
  const crop = (fill: 'zero' | 'edge' | 'reflect', ...draws: number[]) =>
    changed(nine, { crop: { padding: 2, fill } }, { width: 3, random: given(...draws) });

  it('is the image itself in the middle', () => {
    expect(crop('zero', 0.4, 0.59)).toEqual(nine);
  });

  it('has zeros, the edge or the mirror image where the image ends', () => {
    // One row up, two columns to the right.
    expect(crop('zero', 0.2, 0.99)).toEqual([0, 0, 0, 3, 0, 0, 6, 0, 0]);
    expect(crop('edge', 0.2, 0.99)).toEqual([3, 3, 3, 3, 3, 3, 6, 6, 6]);
    // numpy.pad(..., mode='reflect'): columns 2, 1, 0; rows 1, 0, 1.
    expect(crop('reflect', 0.2, 0.99)).toEqual([6, 5, 4, 3, 2, 1, 6, 5, 4]);
  });

  it('reflects as often as the padding needs', () => {
    const settings: ImageAugmentSettings = { crop: { padding: 5, fill: 'reflect' } };
    // Offset 5: places 5, 6 of [1, 2] are 2, 1. A single pixel reflects into itself.
    const [random, alone] = [given(0.5, 0.99), given(0, 0.99)];
    expect(changed([1, 2], settings, { width: 2, random })).toEqual([2, 1]);
    expect(changed([7], settings, { width: 1, random: alone })).toEqual([7]);
  });
});

describe('a flip', () => {
  it('mirrors every other image, each channel with its pixel', () => {
    const two = { width: 2, channels: 2 };
    const values = [1, 2, 3, 4, 5, 6, 7, 8];
    const flip = (how: 'horizontal' | 'vertical' | 'both', ...draws: number[]) =>
      changed(values, { flip: how }, { ...two, random: given(...draws) });
    expect(flip('horizontal', 0.49)).toEqual([3, 4, 1, 2, 7, 8, 5, 6]);
    expect(flip('horizontal', 0.5)).toEqual(values);
    expect(flip('vertical', 0)).toEqual([5, 6, 7, 8, 1, 2, 3, 4]);
    expect(flip('both', 0, 0)).toEqual([7, 8, 5, 6, 3, 4, 1, 2]);
    expect(flip('both', 0.9, 0)).toEqual([5, 6, 7, 8, 1, 2, 3, 4]);
  });
});

describe('colours', () => {
  it('get brighter or darker by the same number', () => {
    const random = given(0.75);
    // (2 x 0.75 - 1) x 0.5
    expect(changed([0, 0.5, 1], { brightness: 0.5 }, { width: 3, random })).toEqual([
      0.25, 0.75, 1.25,
    ]);
  });

  it('get further from the mean of their channel, or nearer', () => {
    const random = given(0.25);
    // 1 + (2 x 0.25 - 1) x 0.5 = 0.75; means 2 and 30.
    const values = [0, 10, 4, 50];
    expect(changed(values, { contrast: 0.5 }, { width: 2, channels: 2, random })).toEqual([
      0.5, 15, 3.5, 45,
    ]);
  });
});

describe('a cutout', () => {
  it('is a square of zeros around a pixel, cut at the edges', () => {
    const cut = (...draws: number[]) =>
      changed(nine, { cutout: 2 }, { width: 3, random: given(...draws) });
    // The centre (1, 2) is the second pixel of the square.
    expect(cut(0.34, 0.67)).toEqual([1, 0, 0, 4, 0, 0, 7, 8, 9]);
    expect(cut(0, 0)).toEqual([0, 2, 3, 4, 5, 6, 7, 8, 9]);
  });
});

describe('all of them', () => {
  const all: ImageAugmentSettings = {
    ...{ crop: { padding: 1 }, flip: 'both', brightness: 0.1, contrast: 0.5, cutout: 1 },
  };

  it('are done in one order, whatever the order of the settings', () => {
    const reversed = Object.fromEntries(Object.entries(all).reverse());
    const of = (settings: ImageAugmentSettings) =>
      changed(nine, settings, { width: 3, random: createRandom(7) });
    expect(of(reversed)).toEqual(of(all));
  });

  it('are uniform: each of nine crops about as often, half of the images mirrored', () => {
    const counts = new Map<string, number>();
    const draws = 9000;
    for (let i = 0; i < draws; i += 1) {
      const settings: ImageAugmentSettings = {
        crop: { padding: 1, fill: 'edge' },
        flip: 'horizontal',
      };
      const image = changed(nine, settings, { width: 3, random: createRandom(1, i) }).join();
      counts.set(image, (counts.get(image) ?? 0) + 1);
    }
    // 9 crops, 2 directions. Chi-squared with 17 degrees of freedom is above 40.8 once in a thousand times.
    expect(counts.size).toBe(18);
    const expected = draws / 18;
    const chi = [...counts.values()].reduce((sum, n) => sum + (n - expected) ** 2 / expected, 0);
    expect(chi).toBeLessThan(40.8);
  });
});

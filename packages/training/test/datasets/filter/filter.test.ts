import { describe, expect, it } from 'vitest';
import type { AnyDataset, AnySplit } from '../../../src/datasets/dataset.ts';
import { closeDataset } from '../../../src/datasets/dataset.ts';
import type { ExampleFilter } from '../../../src/datasets/filter/filter.ts';
import { openDataset } from '../../../src/datasets/registry.ts';
import type { DataSettings } from '../../../src/datasets/registry.ts';
import { openFiles, temporaryFiles } from '../../support/files.ts';

const { write } = temporaryFiles();
const options = { labels: 'index', seed: 1 } as const;
const marker = { $local: 'function' } as const;
const numbers = Array.from({ length: 1000 }, (_, i) => i);
const arrays = {
  type: 'arrays',
  train: { x: numbers, y: numbers.map((i) => i % 3) },
  test: { x: [1, 2, 3], y: [1, 2, 0] },
} as const;

const open = (settings: DataSettings, filter: unknown): Promise<AnyDataset> =>
  openDataset({ ...settings, filter: marker }, { ...settings, filter }, options);

const all = async (split: AnySplit | undefined): Promise<number[]> => {
  const { x } = (await split?.read(Uint32Array.from({ length: split.examples }, (_, i) => i))) ?? {
    x: [],
  };
  return [...(x[0]?.values ?? [])];
};
const first: ExampleFilter = ({ y }) => y.values[0] === 1;

describe('a function that chooses examples', () => {
  it('leaves those of all splits for which it gives false out, and says how many', async () => {
    const { train, test } = await open(arrays, first);
    expect(await all(train)).toEqual(numbers.filter((i) => i % 3 === 1));
    expect(await all(test)).toEqual([1]);
    expect(train.notices).toEqual(['667 examples were left out by data.filter']);
    expect(test?.notices).toEqual(['2 examples were left out by data.filter']);
  });

  it('is part of the digest by what it chooses', async () => {
    const digest = async (filter: ExampleFilter): Promise<string> =>
      (await open(arrays, filter)).train.digest;
    expect(await digest(({ index }) => index % 3 === 1)).toBe(await digest(first));
    expect(await digest(({ index }) => index % 3 === 2)).not.toBe(await digest(first));
  });

  it('chooses of what comes later, too', async () => {
    const train = {
      examples: 5,
      read: (indices: Uint32Array) =>
        Promise.resolve({ x: Float32Array.from(indices), y: Float32Array.from(indices) }),
    };
    const dataset = await openDataset(
      { type: 'function', filter: marker },
      { train, filter: first },
      options,
    );
    expect(await all(dataset.train)).toEqual([1]);
  });

  it('goes before a part is kept for the test', async () => {
    const train = write('rows.csv', numbers.map((i) => `${String(i)},${String(i % 3)}\n`).join(''));
    const rows: DataSettings = {
      ...{ type: 'csv', train, delimiter: ',', header: false, categories: {} },
      columns: { x: [1], y: [2] },
      onBadExample: 'fail',
      split: { test: 0.5 },
    };
    const before = openFiles();
    const dataset = await open(rows, first);
    expect([dataset.train.examples, dataset.test?.examples]).toEqual([167, 166]);
    const both = [...(await all(dataset.train)), ...(await all(dataset.test))];
    expect(both.sort((a, b) => a - b)).toEqual(numbers.filter((i) => i % 3 === 1));
    closeDataset(dataset);
    await expect(open(rows, () => false)).rejects.toThrow('leaves no example of data.train');
    await expect(open(rows, ({ index }: { index: number }) => index === 0)).rejects.toThrow(
      'too few to be divided',
    );
    expect(openFiles()).toEqual(before);
  });

  it.each([
    ['gives a number', () => 1, 'data.filter: must give true or false, gave 1'],
    ['is not there', undefined, 'data.filter: the function is not here'],
  ])('is refused when it %s', async (_, filter, message) => {
    await expect(open(arrays, filter)).rejects.toThrow(message);
  });
});

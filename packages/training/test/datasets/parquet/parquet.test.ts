import { parquetWriteBuffer } from 'hyparquet-writer';
import { describe, expect, it } from 'vitest';
import { closeDataset } from '../../../src/datasets/dataset.ts';
import type { AnyDataset, Batch, LabelForm } from '../../../src/datasets/dataset.ts';
import { createBlockCache } from '../../../src/datasets/parquet/block-cache.ts';
import { openParquet } from '../../../src/datasets/parquet/parquet.ts';
import type { ParquetSettings } from '../../../src/datasets/parquet/parquet.ts';
import { openFiles, temporaryFiles } from '../../support/files.ts';

const { write } = temporaryFiles();
type Columns = Parameters<typeof parquetWriteBuffer>[0]['columnData'];
let files = 0;

/** A file of these columns, `rowGroupSize` rows in a group. */
function file(
  columnData: Columns,
  rowGroupSize = 4,
  codec: 'SNAPPY' | 'UNCOMPRESSED' = 'SNAPPY',
): string {
  files += 1;
  const bytes = parquetWriteBuffer({ columnData, rowGroupSize, codec });
  return write(`${files}.parquet`, new Uint8Array(bytes));
}

const settings = (
  train: string | readonly string[],
  changes: Partial<ParquetSettings> = {},
): ParquetSettings => ({
  type: 'parquet',
  train,
  columns: { x: 'x', y: 'y' },
  categories: {},
  onBadExample: 'fail',
  ...changes,
});

async function opened<T>(
  how: ParquetSettings,
  look: (dataset: AnyDataset) => T | Promise<T>,
  labels: LabelForm = 'oneHot',
): Promise<T> {
  const dataset = await openParquet(how, { labels, seed: 1 });
  try {
    return await look(dataset);
  } finally {
    closeDataset(dataset);
  }
}

const read = (
  how: ParquetSettings,
  indices: readonly number[],
  labels?: LabelForm,
): Promise<Batch> => opened(how, ({ train }) => train.read(Uint32Array.from(indices)), labels);

const range = (n: number): number[] => Array.from({ length: n }, (_, i) => i);

describe('rows of Parquet', () => {
  it.each(['SNAPPY', 'UNCOMPRESSED'] as const)(
    'are read by index over row groups (%s)',
    async (codec) => {
      const train = file(
        [
          { name: 'y', data: range(11).map((i) => i / 8), type: 'DOUBLE' },
          { name: 'x', data: Float32Array.from(range(11), (i) => -i), type: 'FLOAT' },
        ],
        4,
        codec,
      );
      const order = [10, 0, 5, 4, 3, 10];
      expect(await read(settings(train), order)).toEqual({
        examples: 6,
        x: [{ name: '', shape: [6, 1], values: Float32Array.from(order, (i) => -i) }],
        y: [{ name: '', shape: [6, 1], values: Float32Array.from(order, (i) => i / 8) }],
      });
    },
  );

  it('may be whole numbers of any size, truth values, and lists', async () => {
    const train = file([
      { name: 'small', data: range(5), type: 'INT32' },
      { name: 'large', data: range(5).map((i) => BigInt(i) * 1000n), type: 'INT64' },
      { name: 'is', data: range(5).map((i) => i % 2 === 0), type: 'BOOLEAN' },
      { name: 'list', data: range(5).map((i) => [i, i + 0.5, -i]) },
    ]);
    const columns = { x: { flat: ['large', 'small', 'is'], list: 'list' }, y: 'small' };
    const { x } = await read(settings(train, { columns }), [4, 1]);
    expect(x).toEqual([
      { name: 'flat', shape: [2, 3], values: Float32Array.of(4000, 4, 1, 1000, 1, 0) },
      { name: 'list', shape: [2, 3], values: Float32Array.of(4, 4.5, -4, 1, 1.5, -1) },
    ]);
  });

  it('may be words, of several files', async () => {
    const words = (data: string[]) =>
      file(
        [
          { name: 'x', data, type: 'STRING' },
          { name: 'y', data, type: 'STRING' },
        ],
        2,
      );
    const train = [words(['b', 'a', 'b']), words(['c'])];
    const how = settings(train, { categories: { x: ['c', 'b', 'a'], y: 'found' } });
    const { x, y } = await read(how, [3, 0, 1], 'index');
    expect([...(x[0]?.values ?? [])]).toEqual([1, 0, 0, 0, 1, 0, 0, 0, 1]);
    expect([...(y[0]?.values ?? [])]).toEqual([2, 1, 0]);
  });

  it('come at once when their row groups were read before', async () => {
    const train = file([
      { name: 'x', data: range(8), type: 'INT32' },
      { name: 'y', data: range(8), type: 'INT32' },
    ]);
    await opened(settings(train), async ({ train: split }) => {
      const first = split.read(Uint32Array.of(0, 7));
      expect(first).toBeInstanceOf(Promise);
      await first;
      expect(split.read(Uint32Array.of(1, 6))).toMatchObject({ examples: 2 });
    });
  });

  it('have their row groups as blocks, also of a part', async () => {
    const train = file([
      { name: 'x', data: range(10), type: 'INT32' },
      { name: 'y', data: range(10), type: 'INT32' },
    ]);
    await opened(settings(train), ({ train: split }) => {
      expect(split.blocks).toEqual({ sizes: [4, 4, 2], windowExamples: 2 ** 24 / 8 });
    });
    await opened(settings(train, { split: { test: 0.2 } }), async ({ train: split, test }) => {
      expect(split.blocks?.sizes.reduce((a, b) => a + b, 0)).toBe(8);
      const [a, b] = [
        await split.read(Uint32Array.from(range(8))),
        await test?.read(Uint32Array.of(0, 1)),
      ];
      const both = [...(a.x[0]?.values ?? []), ...(b?.x[0]?.values ?? [])];
      expect(both.sort((one, two) => one - two)).toEqual(range(10));
    });
  });

  it('leave no file open', async () => {
    const train = file([
      { name: 'x', data: [1], type: 'INT32' },
      { name: 'y', data: [1], type: 'INT32' },
    ]);
    const before = openFiles();
    await read(settings(train), [0]);
    await expect(read(settings([train, 'nowhere']), [0])).rejects.toThrow('nowhere');
    expect(openFiles()).toEqual(before);
  });
});

describe('what cannot be read is named:', () => {
  it.each([
    ['a missing value', [1, null, 3], 'row 2, column "x": must be a number, got null'],
    ['NaN', [1, NaN, 3], 'row 2, column "x": must be a number that fits into 32 bits, got NaN'],
    ['a word', ['1', '2', '3'], 'row 1, column "x": must be a number, got "1"'],
    [
      'a list of another length',
      [[1, 2], [3], [4, 5]],
      'row 2, column "x": must be numbers of shape [2], got a list of 1',
    ],
  ])('%s', async (_, data, message) => {
    const train = file([
      { name: 'x', data },
      { name: 'y', data: [1, 2, 3], type: 'INT32' },
    ]);
    await expect(read(settings(train), [0, 1, 2])).rejects.toThrow(`${train}, ${message}`);
  });

  it('a column that is not there', async () => {
    const train = file([{ name: 'x', data: [1], type: 'INT32' }]);
    await expect(read(settings(train), [0])).rejects.toThrow('there is no column "y"; it has "x"');
  });

  it.each([
    ['another file', Buffer.from('certainly not a Parquet file'), /cannot be read as Parquet/],
    ['an empty file', new Uint8Array(), /cannot be read as Parquet/],
  ])('%s', async (name, bytes, message) => {
    await expect(read(settings(write(name, bytes)), [0])).rejects.toThrow(message);
  });
});

describe('rows that are left out', () => {
  const notices = (how: ParquetSettings) => opened(how, ({ train }) => train.notices);
  const all = (how: ParquetSettings) =>
    opened(how, async ({ train }) => {
      const { x, y } = await train.read(Uint32Array.from(range(train.examples)));
      return [x, y].map(([array]) => [...(array?.values ?? [])]);
    });

  it('are bad ones, counted; the first is named', async () => {
    const train = file(
      [
        { name: 'x', data: [null, [1, 2], [3], [5, 6], [7, 8], [9, 10]] },
        { name: 'y', data: [0, 1, 2, 3, NaN, 5], type: 'DOUBLE' },
      ],
      2,
    );
    const how = settings(train, { onBadExample: 'skip' });
    expect(await all(how)).toEqual([
      [1, 2, 5, 6, 9, 10],
      [1, 3, 5],
    ]);
    expect(await notices(how)).toEqual([
      `3 bad examples were left out; the first: ${train}, row 1, column "x": must be a number, got null`,
    ]);
    await opened(how, ({ train: split }) => {
      expect(split.blocks?.sizes).toEqual([1, 1, 1]);
    });
  });

  it('teach no words', async () => {
    const train = file([
      { name: 'x', data: [1, 2, null, 4], type: 'INT32' },
      { name: 'y', data: ['b', 'a', 'aa', ''], type: 'STRING' },
    ]);
    const how = settings(train, { categories: { y: 'found' }, onBadExample: 'skip' });
    // "aa" would stand between the two.
    expect((await read(how, [0, 1], 'index')).y[0]?.values).toEqual(Float32Array.of(1, 0));
    expect((await notices(how))?.join()).toContain('2 bad examples were left out');
  });

  it('are those that do not fulfil the conditions, bad or not', async () => {
    const train = file(
      [
        { name: 'x', data: [null, 1, 2, 3, 4], type: 'INT32' },
        { name: 'y', data: range(5), type: 'INT32' },
        { name: 'part', data: ['b', 'a', 'a', 'b', 'a'], type: 'STRING' },
      ],
      2,
    );
    const how = settings(train, { where: { part: 'a', y: { not: 2 } } });
    expect(await all(how)).toEqual([
      [1, 4],
      [1, 4],
    ]);
    expect(await notices(how)).toEqual(['3 examples were left out by data.where']);
    await expect(all(settings(train, { where: { part: 'c' } }))).rejects.toThrow(
      'there is no example (5 examples were left out by data.where)',
    );
    await expect(all(settings(train, { where: { there: 1 } }))).rejects.toThrow(
      'there is no column "there"',
    );
  });
});

describe('a cache of blocks', () => {
  const counting = (limitBytes: number) => {
    const loads: number[] = [];
    const cache = createBlockCache(limitBytes, (block) => {
      loads.push(block);
      return Promise.resolve(new Float32Array(10).fill(block));
    });
    return { cache, loads };
  };

  it('forgets what was not used for longest', async () => {
    const { cache, loads } = counting(80);
    for (const block of [0, 1, 0, 2, 0, 1]) await cache.get(block);
    // 2 takes the place of 1, and 1 then that of 2.
    expect(loads).toEqual([0, 1, 2, 1]);
  });

  it('reads a block once for all who wait for it, and keeps one that is too large', async () => {
    const { cache, loads } = counting(1);
    await Promise.all([cache.get(3), cache.get(3)]);
    expect(cache.get(3)).toBeInstanceOf(Float32Array);
    expect(loads).toEqual([3]);
  });
});

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { openCsv } from '../../../src/datasets/csv/csv.ts';
import type { CsvSettings } from '../../../src/datasets/csv/csv.ts';
import { closeDataset } from '../../../src/datasets/dataset.ts';
import type { Dataset, DatasetOptions } from '../../../src/datasets/dataset.ts';
import { openFiles, temporaryFiles } from '../../support/files.ts';

const { write } = temporaryFiles();
const oneHot: DatasetOptions = { labels: 'oneHot', seed: 1 };

function csv(changes: Partial<CsvSettings> & Pick<CsvSettings, 'train'>): CsvSettings {
  return {
    type: 'csv',
    delimiter: ',',
    header: true,
    columns: { x: ['a', 'b'], y: ['y'] },
    categories: {},
    onBadExample: 'fail',
    ...changes,
  };
}

/** Opens, looks, closes. */
function opened<T>(settings: CsvSettings, look: (dataset: Dataset) => T, options = oneHot): T {
  const dataset = openCsv(settings, options);
  try {
    return look(dataset);
  } finally {
    closeDataset(dataset);
  }
}

const rowsOf = (settings: CsvSettings, indices: readonly number[], options = oneHot) =>
  opened(
    settings,
    ({ train }) => {
      const { x, y } = train.read(Uint32Array.from(indices));
      return {
        x: [...(x[0]?.values ?? [])],
        y: [...(y[0]?.values ?? [])],
        shapes: [x[0]?.shape, y[0]?.shape],
      };
    },
    options,
  );

describe('rows of CSV', () => {
  it('are read by index, in the order asked for', () => {
    const train = write('plain.csv', 'a,y,b\n1,10,2\n3,20,4\n5,30,6\n');
    expect(rowsOf(csv({ train }), [2, 0, 2])).toEqual({
      x: [5, 6, 1, 2, 5, 6],
      y: [30, 10, 30],
      shapes: [
        [3, 2],
        [3, 1],
      ],
    });
  });

  it('may have a byte order mark, CRLF, empty lines, and no newline at the end', () => {
    const train = write('windows.csv', '\ufeffa,b,y\r\n1,2,3\r\n\r\n\n4,5,6\r\n7,8,9');
    expect(rowsOf(csv({ train }), [0, 1, 2])).toMatchObject({
      x: [1, 2, 4, 5, 7, 8],
      y: [3, 6, 9],
    });
  });

  it('may have tabs, no header, and columns by number and range', () => {
    const train = write('plain.tsv', '9\t1\t2\t3\n8\t4\t5\t6\n');
    const columns = { x: [{ from: 2, to: 4 }], y: [1] };
    expect(rowsOf(csv({ train, delimiter: '\t', header: false, columns }), [1, 0])).toMatchObject({
      x: [4, 5, 6, 1, 2, 3],
      y: [8, 9],
    });
  });

  it('may have quotes with delimiters, newlines and quotes in them', () => {
    const train = write(
      'quoted.csv',
      'a,"the ""b""",y,note\n1,"2",3,"x,\n\n""y"",\r\n"\n"4",5,6,""\n7,8,9,"end"\n',
    );
    const columns = { x: ['a', 'the "b"'], y: ['y'] };
    expect(rowsOf(csv({ train, columns }), [1, 0, 2])).toMatchObject({
      x: [4, 5, 1, 2, 7, 8],
      y: [6, 3, 9],
    });
  });

  it('come from several files, one after the other', () => {
    const train = [write('one.csv', 'a,b,y\n1,1,1\n2,2,2\n'), write('two.csv', 'a,b,y\n3,3,3\n')];
    expect(rowsOf(csv({ train }), [2, 0, 1])).toMatchObject({ y: [3, 1, 2] });
  });

  it('have several inputs by name', () => {
    const train = write('named.csv', 'a,b,y\n1,2,3\n');
    const columns = { x: { left: ['a'], right: ['b', 'a'] }, y: ['y'] };
    const x = opened(csv({ train, columns }), (data) => data.train.read(Uint32Array.of(0)).x);
    expect(x).toEqual([
      { name: 'left', shape: [1, 1], values: Float32Array.of(1) },
      { name: 'right', shape: [1, 2], values: Float32Array.of(2, 1) },
    ]);
  });

  it('are the same as a parser holds that reads all at once', async () => {
    const { parse } = await import('csv-parse/sync');
    const word = fc.string({
      unit: fc.constantFrom('a', 'ü', '"', ',', '\n', '\r', ' ', '7'),
      maxLength: 5,
    });
    const row = fc.record({ word, number: fc.float({ noNaN: true, noDefaultInfinity: true }) });
    fc.assert(
      fc.property(fc.array(row, { minLength: 1, maxLength: 20 }), (rows) => {
        const quoted = (text: string) => `"${text.replaceAll('"', '""')}"`;
        const text = rows.map((each) => `${quoted(`w${each.word}`)},${each.number}\n`).join('');
        const records: string[][] = parse(text);
        const words = [...new Set(records.map(([first = '']) => first))];
        const settings = csv({
          train: write('property.csv', text),
          header: false,
          columns: { x: [1], y: [2] },
          categories: { 1: words },
        });
        const { x, y } = rowsOf(settings, [...records.keys()]);
        const codes = records.map((_, i) =>
          x.slice(i * words.length, (i + 1) * words.length).indexOf(1),
        );
        expect(codes).toEqual(records.map(([first = '']) => words.indexOf(first)));
        expect(y).toEqual(records.map(([, second]) => Math.fround(Number(second))));
      }),
    );
  });

  it('leave no file open', () => {
    const train = write('open.csv', 'a,b,y\n1,2,3\n4,5,6\n');
    const before = openFiles();
    opened(csv({ train, split: { test: 0.5 } }), () => undefined);
    expect(() => opened(csv({ train, test: 'nowhere.csv' }), () => undefined)).toThrow(
      'nowhere.csv',
    );
    expect(openFiles()).toEqual(before);
  });
});

describe('words in a column', () => {
  const text = 'color,size,kind\nred,1,b\ngreen,2,10\nred,3,2\n';
  const columns = { x: ['color', 'size'], y: ['kind'] };

  it('that are found are sorted, and one-hot in x', () => {
    const train = write('words.csv', text);
    const settings = csv({ train, columns, categories: { color: 'found', kind: 'found' } });
    // green, red; 10, 2, b
    expect(rowsOf(settings, [0, 1, 2])).toEqual({
      x: [0, 1, 1, 1, 0, 2, 0, 1, 3],
      y: [0, 0, 1, 1, 0, 0, 0, 1, 0],
      shapes: [
        [3, 3],
        [3, 3],
      ],
    });
  });

  it('are numbers in y when the loss wants them, 2 before 10', () => {
    const train = write('numbers.csv', 'a,b,y\n0,0,10\n0,0,2\n0,0,-1\n');
    const settings = csv({ train, categories: { y: 'found' } });
    expect(rowsOf(settings, [0, 1, 2], { ...oneHot, labels: 'index' }).y).toEqual([2, 1, 0]);
  });

  it('may be a list, which decides the order', () => {
    const train = write('list.csv', 'a,b,y\n0,0,low\n0,0,high\n');
    const settings = csv({ train, categories: { y: ['low', 'middle', 'high'] } });
    expect(rowsOf(settings, [0, 1]).y).toEqual([1, 0, 0, 0, 0, 1]);
  });

  it('of the test split are those of the training files', () => {
    const train = write('train-words.csv', 'a,b,y\n0,0,cat\n');
    const test = write('test-words.csv', 'a,b,y\n0,0,cat\n0,0,dog\n');
    const settings = csv({ train, test, categories: { y: 'found' } });
    expect(() => opened(settings, () => undefined)).toThrow(
      `${test}, line 3, column 3 ("y"): must be one of "cat", got "dog"`,
    );
  });

  it('of a bad row are not learned', () => {
    const train = write('bad-words.csv', 'a,b,y\n0,0,cat\nzero,0,dog\n');
    const settings = csv({ train, categories: { y: 'found' }, onBadExample: 'skip' });
    expect(rowsOf(settings, [0])).toMatchObject({
      y: [1],
      shapes: [
        [1, 2],
        [1, 1],
      ],
    });
  });
});

describe('a broken row is named, with line and column:', () => {
  const fails = (name: string, text: string, changes: Partial<CsvSettings> = {}) => {
    const train = write(name, text);
    return { train, open: () => opened(csv({ train, ...changes }), () => undefined) };
  };

  it.each([
    ['a word', 'a,b,y\n1,2,3\n1,old,3\n', 'line 3, column 2 ("b"): must be a number, got "old"'],
    ['nothing', 'a,b,y\n1,2,\n', 'line 2, column 3 ("y"): must be a number, it is empty'],
    ['spaces', 'a,b,y\n ,2,3\n', 'line 2, column 1 ("a"): must be a number, it is empty'],
    ['hexadecimal', 'a,b,y\n0x1F,2,3\n', 'line 2, column 1 ("a"): must be a number in decimals'],
    [
      'infinity',
      'a,b,y\nInfinity,2,3\n',
      'line 2, column 1 ("a"): must be a number, got "Infinity"',
    ],
    ['too large a number', 'a,b,y\n1e39,2,3\n', 'that fits into 32 bits, got "1e39"'],
    ['too few fields', 'a,b,y\n1,2\n', 'line 2: 2 fields, expected 3'],
    ['too many fields', 'a,b,y\n1,2,3,4\n', 'line 2: 4 fields, expected 3'],
    ['a stray quote', 'a,b,y\n1,5" pipe,3\n1,2,3\n', 'line 2, column 2: a quote within a field'],
    ['words behind a quote', 'a,b,y\n1,"2"x,3\n', 'line 2, column 2: "x,3" behind the quote'],
    ['an open quote', 'a,b,y\n1,2,3\n1,"2,3\n4,5,6\n', 'line 3, column 2: a quote is not closed'],
    ['a row behind quoted newlines', 'a,b,y\n"1\n",2,3\n1,x,3\n', 'line 4, column 2 ("b")'],
    [
      'a missing column',
      'a,c,y\n1,2,3\n',
      'line 1: there is no column "b" in the header; it has "a", "c", "y"',
    ],
    ['a column twice', 'a,a,b,y\n1,2,3,4\n', 'line 1: the header has "a" twice'],
    ['an empty file', '', 'there is no example'],
    ['only a header', 'a,b,y\n', 'there is no example'],
  ])('%s', (name, text, message) => {
    const { train, open } = fails(`${name}.csv`, text);
    expect(open).toThrow(message);
    expect(open).toThrow(train);
  });

  it('a file with another header', () => {
    const train = [write('h1.csv', 'a,b,y\n1,2,3\n'), write('h2.csv', 'a,y,b\n1,2,3\n')];
    expect(() => opened(csv({ train }), () => undefined)).toThrow(
      `${String(train[1])}, line 1, column 2: the header differs from that of the first file: "y", expected "b"`,
    );
  });

  it('a column number beyond the row, and a name without header', () => {
    const beyond = fails('beyond.csv', '1,2\n', { header: false, columns: { x: [1], y: [3] } });
    expect(beyond.open).toThrow('there is no column 3: there are 2');
    const named = fails('nameless.csv', '1,2\n', { header: false, columns: { x: [1], y: ['y'] } });
    expect(named.open).toThrow('column "y" has a name, but the file has no header');
  });

  it('or is left out and counted', () => {
    const text = 'a,b,y\n1,2,3\n1,old,3\n"4",5,6\n,,\n7,8,9\n';
    const { train } = fails('skipped.csv', text);
    opened(csv({ train, onBadExample: 'skip' }), (data) => {
      expect(data.train.examples).toBe(3);
      expect([...(data.train.read(Uint32Array.of(0, 1, 2)).y[0]?.values ?? [])]).toEqual([3, 6, 9]);
      expect(data.train.notices).toEqual([
        `2 bad examples were left out; the first: ${train}, line 3, column 2 ("b"): must be a number, got "old"`,
      ]);
    });
  });

  it('and a file that has only such rows has no example', () => {
    const { open } = fails('all-bad.csv', 'a,b,y\n1,2\n', { onBadExample: 'skip' });
    expect(open).toThrow(/there is no example \(1 bad example was left out/);
  });
});

describe('the digest', () => {
  it('is that of the bytes, wherever the file is', () => {
    const digestOf = (name: string, text: string) =>
      opened(csv({ train: write(name, text) }), ({ train }) => train.digest);
    const digest = digestOf('d1.csv', 'a,b,y\n1,2,3\n');
    expect(digestOf('d2.csv', 'a,b,y\n1,2,3\n')).toBe(digest);
    expect(digestOf('d3.csv', 'a,b,y\n1,2,4\n')).not.toBe(digest);
  });
});

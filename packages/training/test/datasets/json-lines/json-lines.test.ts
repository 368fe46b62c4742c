import { describe, expect, it } from 'vitest';
import { closeDataset } from '../../../src/datasets/dataset.ts';
import type { Batch, LabelForm } from '../../../src/datasets/dataset.ts';
import { openJsonLines } from '../../../src/datasets/json-lines/json-lines.ts';
import type { JsonLinesSettings } from '../../../src/datasets/json-lines/json-lines.ts';
import { openFiles, temporaryFiles } from '../../support/files.ts';

const { write } = temporaryFiles();
let files = 0;

/** Settings for a file of these lines. */
function lines(
  rows: readonly unknown[],
  changes: Partial<JsonLinesSettings> = {},
): JsonLinesSettings {
  const text = rows.map((row) => (typeof row === 'string' ? row : JSON.stringify(row))).join('\n');
  files += 1;
  return {
    type: 'jsonLines',
    train: write(`${files}.jsonl`, text),
    fields: { x: 'x', y: 'y' },
    categories: {},
    onBadExample: 'fail',
    ...changes,
  };
}

function read(
  settings: JsonLinesSettings,
  indices: readonly number[],
  labels: LabelForm = 'oneHot',
): Batch {
  const dataset = openJsonLines(settings, { labels, seed: 1 });
  try {
    return dataset.train.read(Uint32Array.from(indices));
  } finally {
    closeDataset(dataset);
  }
}

describe('lines of JSON', () => {
  it('are read by index, nested lists with their shape', () => {
    const rows = [1, 2, 3].map((n) => ({
      x: [
        [n, 0, 1],
        [n, n, 2],
      ],
      y: -n,
    }));
    expect(read(lines(rows), [2, 0])).toEqual({
      examples: 2,
      x: [
        { name: '', shape: [2, 2, 3], values: Float32Array.of(3, 0, 1, 3, 3, 2, 1, 0, 1, 1, 1, 2) },
      ],
      y: [{ name: '', shape: [2, 1], values: Float32Array.of(-3, -1) }],
    });
  });

  it('have fields with dots, several side by side, and inputs by name', () => {
    const rows = [
      { user: { age: 7, tags: [1, 2] }, 'a.b': true, y: 0 },
      '',
      { y: 1, user: { tags: [3, 4], age: 8 }, 'a.b': false },
    ];
    const fields = { x: { one: ['user.age', 'a.b', 'user.tags'], two: 'user.tags' }, y: ['y'] };
    expect(read(lines(rows, { fields }), [0, 1]).x).toEqual([
      { name: 'one', shape: [2, 4], values: Float32Array.of(7, 1, 1, 2, 8, 0, 3, 4) },
      { name: 'two', shape: [2, 2], values: Float32Array.of(1, 2, 3, 4) },
    ]);
  });

  it('may have words, and numbers that are classes', () => {
    const rows = [
      { x: 'b', y: 10 },
      { x: 'a', y: 9 },
    ];
    const settings = lines(rows, { categories: { x: ['b', 'a'], y: 'found' } });
    const { x, y } = read(settings, [0, 1], 'index');
    expect(x[0]).toEqual({ name: '', shape: [2, 2], values: Float32Array.of(1, 0, 0, 1) });
    expect(y[0]).toEqual({ name: '', shape: [2, 1], values: Float32Array.of(1, 0) });
  });

  it('leave no file open', () => {
    const before = openFiles();
    read(lines([{ x: 1, y: 2 }]), [0]);
    expect(() => read(lines(['{']), [0])).toThrow();
    expect(openFiles()).toEqual(before);
  });
});

describe('a broken line is named:', () => {
  const good = { x: [1, 2], y: 1 };
  it.each([
    ['{"x": [1, 2], "y" 1}', 'line 2, column 19: no JSON'],
    ['{"x": [1, 2], "y": 1', 'line 2, column 21: no JSON'],
    ['[1, 2]', 'line 2: must be an object, got "[1, 2]"'],
    [{ x: [1, 2] }, 'line 2, field "y": is not there'],
    [{ x: [1, 2], y: null }, 'line 2, field "y": must be a number, got null'],
    [{ x: [1, 'two'], y: 1 }, 'line 2, field "x": must be a number, got "two"'],
    [
      { x: [1, 2, 3], y: 1 },
      'field "x": must be numbers of shape [2], got a list of 3 where the first example has 2',
    ],
    [{ x: 1, y: 1 }, 'field "x": must be numbers of shape [2], got 1'],
    [{ x: [1, 2], y: [1, 2] }, 'field "y": must be a number, got a list of 2'],
    [{ x: [[1], 2], y: 1 }, 'field "x": must be a number, got [1]'],
    ['{"x": [1, 2], "y": 1e300}', 'field "y": must be a number that fits into 32 bits, got 1e+300'],
  ])('%o', (row, message) => {
    const settings = lines([good, row]);
    expect(() => read(settings, [0])).toThrow(message);
    expect(() => read(settings, [0])).toThrow(String(settings.train));
  });

  it('an empty list in the first line', () => {
    expect(() => read(lines([{ x: [], y: 1 }]), [0])).toThrow(
      'line 1, field "x": a list without numbers',
    );
  });

  it('or is left out and counted; the shape is that of the first good one', () => {
    const settings = lines(['oops', { x: [1, 2, 3], y: 'no' }, good, { x: [3, 4], y: 2 }], {
      onBadExample: 'skip',
    });
    expect(read(settings, [0, 1]).x[0]?.values).toEqual(Float32Array.of(1, 2, 3, 4));
    const dataset = openJsonLines(settings, { labels: 'oneHot', seed: 1 });
    expect(dataset.train.notices?.join()).toMatch(
      /^2 bad examples were left out; the first: .*line 1: no JSON/,
    );
    closeDataset(dataset);
  });
});

import { describe, expect, it } from 'vitest';
import { jobHash, parseJob } from '@paceline/protocol';

const job = (data: object): unknown => ({ model: () => undefined, loss: 'mse', data });
const csv = (changes: object = {}): object => ({
  type: 'csv',
  train: 'a.csv',
  columns: { x: ['a', { from: 'b', to: 7 }], y: ['y'] },
  ...changes,
});

describe('settings of CSV', () => {
  it('are complete', () => {
    expect(parseJob(job(csv({ categories: { y: 'found' } }))).settings.data).toEqual({
      type: 'csv',
      train: 'a.csv',
      shuffle: 'full',
      delimiter: ',',
      header: true,
      columns: { x: ['a', { from: 'b', to: 7 }], y: ['y'] },
      categories: { y: 'found' },
      onBadExample: 'fail',
    });
  });

  it.each([
    [{ train: [] }, 'data.train: must have at least one path, got []'],
    [{ train: 3 }, 'data.train: must be the path of a file, or a list of paths, got 3'],
    [{ test: 'b.csv', split: { test: 0.1 } }, 'data.split: must be left out where test says'],
    [{ split: { test: 1 } }, 'data.split.test: must be a number above 0 and below 1, got 1'],
    [{ delimiter: ';;' }, 'data.delimiter: must be one character of ASCII'],
    [{ columns: { x: [], y: ['y'] } }, 'data.columns.x: must'],
    [{ columns: { x: [0], y: ['y'] } }, 'data.columns.x'],
    [{ categories: { y: ['a', 'a'] } }, 'data.categories.y: must be'],
    [{ shuffle: 'some' }, 'data.shuffle: must be'],
    [{ onBadExample: 'ignore' }, 'data.onBadExample: must be'],
  ])('with %o are refused', (changes, message) => {
    expect(() => parseJob(job(csv(changes)))).toThrow(message);
  });

  it('have a hash that does not depend on paths, but on how the files are read', () => {
    const hash = (changes: object): string => jobHash(parseJob(job(csv(changes))).settings);
    expect(hash({ train: ['b.csv', 'c.csv'], test: 'd.csv' })).toBe(hash({}));
    expect(hash({ split: { test: 0.1 } })).not.toBe(hash({}));
    expect(hash({ delimiter: ';' })).not.toBe(hash({}));
  });
});

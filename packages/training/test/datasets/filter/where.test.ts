import { describe, expect, it } from 'vitest';
import { openCsv } from '../../../src/datasets/csv/csv.ts';
import { closeDataset } from '../../../src/datasets/dataset.ts';
import type { Dataset } from '../../../src/datasets/dataset.ts';
import { createChecks } from '../../../src/datasets/filter/where.ts';
import type { Where } from '../../../src/datasets/filter/where.ts';
import { openJsonLines } from '../../../src/datasets/json-lines/json-lines.ts';
import { temporaryFiles } from '../../support/files.ts';

const { write } = temporaryFiles();
const options = { labels: 'index', seed: 1 } as const;

const holds = (condition: Where[string], value: unknown): boolean =>
  createChecks({ a: condition }).get('a')?.(value) ?? false;

describe('a condition', () => {
  it.each<[Where[string], unknown[], unknown[]]>([
    [3, [3, '3', '3.0', 3n], [4, '', 'three', null, undefined, true]],
    ['a', ['a'], ['A', 'a ', '', null]],
    ['3', ['3', 3], ['3.0', 4]],
    [true, [true, 'true'], [false, 'yes', 1]],
    [{ equals: 'x' }, ['x'], ['y']],
    [{ in: ['a', 2] }, ['a', 2, '2.0'], ['2a', 3, undefined]],
    [{ not: 'a' }, ['b', undefined, null], ['a']],
    [{ not: ['a', 1] }, ['b', 2], ['a', 1, '1']],
    [{ min: 2 }, [2, '2', 2.5, 5n], [1, '', 'x', NaN, null]],
    [{ max: 2 }, [2, '-7'], [2.1, '', undefined]],
    [{ min: 0, max: 1, not: 0.5 }, [0, 1], [0.5, -1, 2]],
    [{ min: '2024-01-31' }, ['2024-02-01', new Date('2024-03-01T00:00:00Z')], ['2023-12-31', null]],
  ])('%j takes some values and leaves others out', (condition, good, bad) => {
    expect(good.filter((value) => !holds(condition, value))).toEqual([]);
    expect(bad.filter((value) => holds(condition, value))).toEqual([]);
  });
});

function look(dataset: Dataset, indices: readonly number[]) {
  const { train } = dataset;
  const { x } = train.read(Uint32Array.from(indices));
  closeDataset(dataset);
  return { examples: train.examples, x: [...(x[0]?.values ?? [])], notices: train.notices };
}

const csv = (train: string, where: Where, header = true): Dataset => {
  const columns = header ? { x: ['age'], y: ['kind'] } : { x: [1], y: [2] };
  const form = { delimiter: ',', header, columns, onBadExample: 'fail' } as const;
  const categories = { [header ? 'kind' : '2']: 'found' } as const;
  return openCsv({ type: 'csv', train, categories, where, ...form }, options);
};

describe('rows of a file', () => {
  it('are those that fulfil every condition; others are counted, broken or not', () => {
    const path = write('a.csv', 'age,kind,part\n1,a,x\n?,b,y\n30,b,x\n40,c,x\n?,,y\n');
    expect(look(csv(path, { part: 'x', age: { min: 2 } }), [1, 0])).toEqual({
      examples: 2,
      x: [40, 30],
      notices: ['3 examples were left out by data.where'],
    });
    // "a" is no class: no row has it.
    const dataset = csv(path, { kind: { in: ['b', 'c'] }, age: { max: 35 } });
    expect(dataset.train.read(Uint32Array.of(0)).y[0]?.values).toEqual(Float32Array.of(0));
    closeDataset(dataset);
  });

  it('without a header have numbers', () => {
    const path = write('b.csv', '1,a\n2,b\n');
    expect(look(csv(path, { 2: 'b' }, false), [0])).toEqual({
      ...{ examples: 1, x: [2] },
      notices: ['1 example was left out by data.where'],
    });
  });

  it('are missed where none is left, or no such column is there', () => {
    const path = write('c.csv', 'age,kind\n1,a\n2,b\n');
    expect(() => csv(path, { age: 7 })).toThrow(
      `${path}: there is no example (2 examples were left out by data.where)`,
    );
    expect(() => csv(path, { year: 7 })).toThrow('line 1: there is no column "year"');
  });

  it('may be JSON, whose fields may be missing', () => {
    const rows = [{ user: { age: 5 }, x: 1 }, { x: 2 }, { user: { age: 50 }, x: 3 }, { user: 1 }];
    const train = write('a.jsonl', rows.map((row) => JSON.stringify({ y: 0, ...row })).join('\n'));
    const form = { fields: { x: 'x', y: 'y' }, categories: {}, onBadExample: 'fail' } as const;
    const where = { 'user.age': { min: 0 } };
    const dataset = openJsonLines({ type: 'jsonLines', train, where, ...form }, options);
    expect(look(dataset, [0, 1])).toEqual({
      ...{ examples: 2, x: [1, 3] },
      notices: ['2 examples were left out by data.where'],
    });
  });
});

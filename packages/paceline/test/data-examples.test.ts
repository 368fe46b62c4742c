import { readFileSync } from 'node:fs';
import { runInNewContext } from 'node:vm';

import { parseJob } from '@paceline/protocol';
import { describe, expect, it } from 'vitest';

import * as paceline from '../src/index.ts';

const text = readFileSync(new URL('../../../docs/data.md', import.meta.url), 'utf8');

/** Every `const name = ...` of the page's examples, by its name. */
const examples = [...text.matchAll(/```ts\n(.*?)```/gs)].flatMap(([, code = '']) => {
  const body = code.replaceAll(/^import .*$/gm, '');
  const names = [...body.matchAll(/^const (\w+) = /gm)].map(([, name = '']) => name);
  const values: unknown = runInNewContext(`${body}; ({ ${names.join(', ')} })`, { ...paceline });
  return Object.entries(values as Readonly<Record<string, { readonly type: string }>>);
});

describe('the examples of docs/data.md', () => {
  it('are one of each kind that is read from files', () => {
    const types = new Set(examples.map(([, { type }]) => type));
    const kinds = ['csv', 'jsonLines', 'npy', 'npz', 'parquet', 'images', 'text', 'function'];
    expect([...types].sort()).toEqual(kinds.sort());
  });

  it.each(examples)('%s is data of a job', (_, data) => {
    // Objects of another realm are no plain objects to the checks of settings.
    const plain =
      data.type === 'function' ? { ...data } : (JSON.parse(JSON.stringify(data)) as object);
    const { settings } = parseJob({ model: () => undefined, loss: 'mse', data: plain });
    expect(settings.data.type).toBe(data.type);
  });
});

import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { closeDataset, openBackend, openDataset } from '@paceline/training';
import { describe, expect, it } from 'vitest';

import { countExamples, readArrays } from '../../src/fit/arrays.ts';
import type { Socket } from '../../src/fit/arrays.ts';
import { divide } from '../../src/fit/divide.ts';
import { writeNpy } from '../../src/fit/write-npy.ts';
import { PacelineError } from '../../src/errors.ts';

const { tf } = await openBackend('cpu', { threads: 1 });
const disposed = tf.zeros([1, 2]);
disposed.dispose();
const one: readonly Socket[] = [{ name: 'in', shape: [null, 2] }];
const two: readonly Socket[] = [...one, { name: 'other', shape: [null, 1] }];

type Misfit = readonly [string, () => unknown, readonly Socket[], RegExp];
const misfits: readonly Misfit[] = [
  [
    'a tensor of another shape',
    () => tf.zeros([4, 3]),
    one,
    /"in" of the model takes examples of shape \[2\], the data has \[3\]/,
  ],
  ['lists of different lengths', () => [[1, 2], [3]], one, /must all be of the shape \[2, 2\]/],
  ['words', () => tf.tensor1d(['a']), one, /a tensor of string is no numbers/],
  ['a disposed tensor', () => disposed, one, /is disposed/],
  ['one array for two inputs', () => tf.zeros([1, 2]), two, /the model wants "in", "other"/],
  ['a name that is missing', () => ({ in: [[1, 2]] }), two, /there is nothing for "other"/],
  ['half an example', () => new Float32Array(3), one, /no whole examples of shape \[2\]/],
  ['a dataset', () => ({ forEachAsync: () => undefined }), one, /tf\.data\.Dataset.*toArray/],
  ['nothing', () => undefined, one, /needs tensors, typed arrays or lists/],
];

describe('arrays for a model', () => {
  it('are lists in lists, typed arrays of its shape, or tensors, whose type they keep', async () => {
    const tensor = tf.tensor2d(
      [
        [1, 2],
        [3, 4],
      ],
      [2, 2],
      'int32',
    );
    const lists = await readArrays(
      'x',
      [
        [1, 2],
        [3, 4],
      ],
      one,
    );
    const typed = await readArrays('x', new Float64Array([1, 2, 3, 4]), one);
    const tensors = await readArrays('x', tensor, one);
    tensor.dispose();
    for (const [array] of [lists, typed, tensors]) {
      expect(array).toMatchObject({ name: 'in', shape: [2, 2] });
      expect(Array.from(array?.values ?? [])).toEqual([1, 2, 3, 4]);
    }
    expect(tensors[0]?.values).toBeInstanceOf(Int32Array);
  });

  it('are for several inputs a list in their order, or by name; one number an example is [n, 1]', async () => {
    const x = [[1, 2]];
    const other = [5];
    const listed = await readArrays('x', [x, other], two);
    expect(await readArrays('x', { other, in: x }, two)).toEqual(listed);
    expect(listed.map(({ shape }) => shape)).toEqual([
      [1, 2],
      [1, 1],
    ]);
  });

  it.each(misfits)('are not %s', async (_, given, sockets, words) => {
    const reading = readArrays('x', given() as never, sockets);
    await expect(reading).rejects.toThrow(words);
    await expect(reading).rejects.toBeInstanceOf(PacelineError);
  });

  it('must have as many examples, all of them', async () => {
    const arrays = await readArrays('x', [[[1, 2]], [5, 6]], two);
    expect(() => countExamples(arrays)).toThrow(/"in" has 1, "other" has 2/);
  });
});

describe('a part for validation', () => {
  it('is the last one, and is cut where fit cuts it', async () => {
    const [x = never()] = await readArrays(
      'x',
      Array.from({ length: 7 }, (_, i) => [i, i]),
      one,
    );
    const { train, test } = divide({ x: [x], y: [], sampleWeight: [] }, 7, 0.3);
    // 7 x 0.7 is 4.9 in floating point: fit trains on 4.
    expect(train.x[0]?.shape).toEqual([4, 2]);
    expect(Array.from(test?.x[0]?.values ?? [])).toEqual([4, 4, 5, 5, 6, 6]);
    expect(test?.x[0]?.values.buffer).toBe(x.values.buffer);
  });

  it('leaves something to train on', () => {
    expect(() => divide({ x: [], y: [], sampleWeight: [] }, 1, 0.5)).toThrow(
      /leaves none to train on/,
    );
  });
});

describe('a file of NumPy', () => {
  const types = [
    Float32Array,
    Float64Array,
    Int8Array,
    Int16Array,
    Int32Array,
    Uint8Array,
    Uint8ClampedArray,
    Uint16Array,
    Uint32Array,
  ];

  it.each(types.map((type) => [type.name, type] as const))(
    'of a %s is read by the data of a job',
    async (_, type) => {
      const folder = mkdtempSync(join(tmpdir(), 'paceline-npy-'));
      try {
        const path = join(folder, 'a.npy');
        writeNpy(path, { shape: [2, 3], values: type.from([1, 2, 3, 4, 5, 6]), isBool: false });
        expect(readFileSync(path).indexOf('\n') % 64).toBe(63);
        const files = { x: path, y: path, sampleWeight: path };
        const settings = { type: 'npy', train: files, scale: 1 } as const;
        const dataset = await openDataset(settings, undefined, { labels: 'index', seed: 1 });
        const batch = await dataset.train.read(Uint32Array.of(1));
        expect(batch.x).toEqual([{ name: '', shape: [1, 3], values: Float32Array.of(4, 5, 6) }]);
        expect(batch.weights).toEqual(batch.x);
        closeDataset(dataset);
      } finally {
        rmSync(folder, { recursive: true });
      }
    },
  );
});

function never(): never {
  throw new Error('there is one');
}

import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { closeDataset } from '../../../src/datasets/dataset.ts';
import type { Batch, Dataset, LabelForm } from '../../../src/datasets/dataset.ts';
import { openNpy } from '../../../src/datasets/numpy/npy.ts';
import type { NpySettings } from '../../../src/datasets/numpy/npy.ts';
import { openNpz } from '../../../src/datasets/numpy/npz.ts';
import type { NpzSettings } from '../../../src/datasets/numpy/npz.ts';
import { openFiles, temporaryFiles } from '../../support/files.ts';

const { write } = temporaryFiles();
const fixture = (name: string): string => join(import.meta.dirname, 'fixtures', name);
/** What NumPy reads of its own files, as float32. */
const expected = JSON.parse(readFileSync(fixture('expected.json'), 'utf8')) as Readonly<
  Record<string, { readonly shape: readonly number[]; readonly values: readonly number[] }>
>;
const names = Object.keys(expected);

const npz = (file: string, changes: Partial<NpzSettings> = {}, array = 'label'): NpzSettings => ({
  type: 'npz',
  train: { file: fixture(file), x: array, y: array },
  scale: 1,
  ...changes,
});
const npy = (x: string, changes: Partial<NpySettings> = {}): NpySettings => ({
  type: 'npy',
  train: { x, y: x },
  scale: 1,
  ...changes,
});

function look<T>(dataset: Dataset, see: (dataset: Dataset) => T): T {
  try {
    return see(dataset);
  } finally {
    closeDataset(dataset);
  }
}
const options = (labels: LabelForm = 'oneHot') => ({ labels, seed: 1 });
const read = ({ train }: Dataset, indices?: readonly number[]): Batch =>
  train.read(Uint32Array.from(indices ?? Array.from({ length: train.examples }, (_, i) => i)));

describe('arrays of NumPy', () => {
  it.each(
    ['stored.npz', 'packed.npz'].flatMap((file) => names.map((name) => [file, name] as const)),
  )('in %s: %s has the numbers that NumPy reads', (file, name) => {
    const { shape, values } = expected[name] ?? { shape: [], values: [] };
    const { x } = look(openNpz(npz(file, {}, name), options()), (data) => read(data));
    expect(x[0]?.shape).toEqual(shape.length === 1 ? [...shape, 1] : shape);
    expect(x[0]?.values).toEqual(Float32Array.from(values));
  });

  it.each(['plain.npy', 'fortran.npy', 'version2.npy', 'version3.npy'])(
    'in %s are read by index',
    (file) => {
      const { values = [] } = expected['little_f4'] ?? {};
      const example = (index: number) => values.slice(index * 6, index * 6 + 6);
      const order = [3, 0, 3, 1, 2];
      const { x } = look(openNpy(npy(fixture(file)), options()), (data) => read(data, order));
      expect(x[0]).toEqual({
        name: '',
        shape: [5, 3, 2],
        values: Float32Array.from(order.flatMap(example)),
      });
    },
  );

  it('may be several by name, scaled, with labels as the loss wants classes', () => {
    const settings = npz('stored.npz', {
      train: { file: fixture('stored.npz'), x: { a: 'little_u1', b: 'one' }, y: 'label' },
      scale: 0.5,
      classes: 3,
    });
    const { x, y } = look(openNpz(settings, options()), (data) => read(data, [1, 0]));
    expect(x[0]?.name).toBe('a');
    expect(x[1]).toEqual({ name: 'b', shape: [2, 1], values: Float32Array.of(1, 0) });
    expect(y[0]).toEqual({ name: '', shape: [2, 3], values: Float32Array.of(1, 0, 0, 0, 0, 1) });
    const index = look(openNpz(settings, options('index')), (data) => read(data, [1, 0]).y[0]);
    expect(index).toEqual({ name: '', shape: [2, 1], values: Float32Array.of(0, 2) });
  });

  it('in Fortran order are said to be slow', () => {
    const notices = look(
      openNpy(npy(fixture('fortran.npy')), options()),
      ({ train }) => train.notices,
    );
    expect(notices?.[0]).toMatch(/fortran\.npy is in Fortran order/);
  });

  it('leave no file open', () => {
    const copy = write('open.npy', readFileSync(fixture('plain.npy')));
    const before = openFiles();
    look(openNpy(npy(copy, { split: { test: 0.5 } }), options()), (data) => read(data));
    expect(() => openNpy(npy(copy, { test: { x: copy, y: 'nowhere.npy' } }), options())).toThrow();
    expect(openFiles()).toEqual(before);
  });

  it('have a digest of their bytes', () => {
    const digest = (file: string) =>
      look(openNpy(npy(fixture(file)), options()), ({ train }) => train.digest);
    expect(digest('plain.npy')).toMatch(/^[0-9a-f]{64}$/);
    expect(digest('plain.npy')).not.toBe(digest('version2.npy'));
  });
});

describe('what is no array of numbers is named:', () => {
  const bytes = readFileSync(fixture('plain.npy'));
  it.each([
    ['structured.npy', /structured\.npy: its elements have fields \(a structured dtype\)/],
    ['complex.npy', /it holds complex numbers; types that are read: b1, u1/],
    ['text.npy', /it holds text/],
    ['objects.npy', /it holds Python objects/],
    ['scalar.npy', /it holds one number, not an array/],
  ])('%s', (file, message) => {
    expect(() => openNpy(npy(fixture(file)), options())).toThrow(message);
  });

  it.each([
    ['an empty file', new Uint8Array(), /does not start as a NumPy file/],
    ['another file', Buffer.from('not a NumPy file at all'), /does not start as a NumPy file/],
    [
      'a version to come',
      Buffer.concat([bytes.subarray(0, 6), Buffer.of(4, 0), bytes.subarray(8)]),
      /version 4 of the format/,
    ],
    ['a cut header', bytes.subarray(0, 40), /its header is not complete/],
    ['a cut body', bytes.subarray(0, -1), /shape \[4, 3, 2\] takes 96 bytes, there are 95/],
  ])('%s', (name, content, message) => {
    expect(() => openNpy(npy(write(name, content)), options())).toThrow(message);
  });

  it('arrays of different lengths', () => {
    const train = {
      x: write('two.npy', readFileSync(fixture('text.npy'))),
      y: fixture('labels.npy'),
    };
    expect(() => openNpy(npy('', { train }), options())).toThrow(/two\.npy: it holds text/);
    const lengths = { file: fixture('stored.npz'), x: 'large', y: 'label' };
    expect(() => openNpz(npz('', { train: lengths }), options())).toThrow(
      /need the same number of examples, at least one; found .*large\.npy with 3, .*label\.npy with 4/,
    );
  });

  it('a label that is no class', () => {
    const settings = npy('', {
      train: { x: fixture('plain.npy'), y: fixture('labels.npy') },
      classes: 2,
    });
    expect(() => openNpy(settings, options())).toThrow(/label 2 of example 0 is no class below 2/);
  });
});

describe('a broken archive is named:', () => {
  const archive = (name: string, change: (bytes: Buffer) => Uint8Array) => ({
    file: write(name, change(Buffer.from(readFileSync(fixture('packed.npz'))))),
    x: 'little_f8',
    y: 'label',
  });
  it.each([
    [
      'no archive',
      () => Buffer.from('PK but nothing else, not even twenty-two bytes'),
      /no zip archive, or was cut/,
    ],
    ['cut', (bytes: Buffer) => bytes.subarray(0, -30), /no zip archive, or was cut/],
    ['flipped', flipInside, /little_f8\.npy (is damaged|cannot be unpacked)/],
  ])('%s', (name, change, message) => {
    expect(() => openNpz(npz('', { train: archive(name, change) }), options())).toThrow(message);
  });

  it('an array that is not in it', () => {
    expect(() => openNpz(npz('stored.npz', {}, 'nothing'), options())).toThrow(
      /stored\.npz has no array "nothing"; it has little_u1, /,
    );
  });
});

/** One bit in the middle of the packed bytes of an array. */
function flipInside(bytes: Buffer): Buffer {
  const at = bytes.indexOf('little_f8.npy') + 90;
  bytes[at] = (bytes[at] ?? 0) ^ 4;
  return bytes;
}

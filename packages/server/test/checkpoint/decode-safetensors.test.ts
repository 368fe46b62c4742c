import { decodeSafetensors } from '@paceline/server';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { encodeSafetensorsHead } from '../../src/checkpoint/safetensors.ts';

/** A file by the definition of the format, and not by our encoder: length, header, data. */
function fileOf(header: string | object, data: readonly number[]): Uint8Array {
  const json = new TextEncoder().encode(
    typeof header === 'string' ? header : JSON.stringify(header),
  );
  const file = new Uint8Array(8 + json.length + 4 * data.length);
  const view = new DataView(file.buffer);
  view.setUint32(0, json.length, true);
  file.set(json, 8);
  data.forEach((value, i) => {
    view.setFloat32(8 + json.length + 4 * i, value, true);
  });
  return file;
}

const entry = (shape: readonly number[], from: number, to: number) => ({
  dtype: 'F32',
  shape,
  data_offsets: [from, to],
});

const valuesOf = (bytes: Uint8Array): readonly number[] => {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  return Array.from({ length: bytes.byteLength / 4 }, (_, i) => view.getFloat32(4 * i, true));
};

test('tensors come in the order of their data, whatever the order of the header', () => {
  const header = {
    b: entry([1, 2], 4, 12),
    __metadata__: { by: 'hand' },
    10: entry([], 0, 4),
    empty: entry([0, 3], 12, 12),
    2: entry([1], 12, 16),
  };
  const tensors = decodeSafetensors(fileOf(header, [1, 2, 3, 4]));
  expect(tensors.map(({ name, shape, bytes }) => [name, shape, valuesOf(bytes)])).toEqual([
    ['10', [], [1]],
    ['b', [1, 2], [2, 3]],
    ['empty', [0, 3], []],
    ['2', [1], [4]],
  ]);
});

test('a head of ours with its data decodes to what was encoded', () => {
  const shapes = fc.uniqueArray(
    fc.record({ name: fc.string(), shape: fc.array(fc.nat(4), { maxLength: 3 }) }),
    { selector: ({ name }) => name, maxLength: 6 },
  );
  fc.assert(
    fc.property(shapes, (specs) => {
      const entries = specs
        .filter(({ name }) => name !== '__metadata__')
        .map((spec) => ({ ...spec, bytes: 4 * spec.shape.reduce((a, b) => a * b, 1) }));
      const data = new Uint8Array(entries.reduce((sum, { bytes }) => sum + bytes, 0));
      const file = Buffer.concat([encodeSafetensorsHead(entries, {}), data]);
      const found = decodeSafetensors(file).map(({ name, shape, bytes }) => {
        return { name, shape, bytes: bytes.byteLength };
      });
      const byName = (a: { name: string }, b: { name: string }) => (a.name < b.name ? -1 : 1);
      expect(found.toSorted(byName)).toEqual(entries.toSorted(byName));
    }),
  );
});

describe('a file is refused', () => {
  const two = { a: entry([2], 0, 8) };
  test.each([
    ['that is empty', new Uint8Array(), 'its header is cut short'],
    ['whose header is longer than it', fileOf(two, []).subarray(0, 20), 'its header is cut short'],
    ['whose header is longer than any', new Uint8Array(8).fill(255), 'its header is cut short'],
    ['whose header is not JSON', fileOf('{]', []), 'its header is not JSON'],
    ['whose header is a list', fileOf('[]', []), 'its header is not JSON'],
    ['that is cut short', fileOf(two, [1]), 'the data of a are cut short'],
    ['that goes on', fileOf(two, [1, 2, 3]), '4 bytes at its end belong to no tensor'],
    [
      'with a gap',
      fileOf({ a: entry([1], 0, 4), b: entry([1], 8, 12) }, [1, 2, 3]),
      'the data of b do not begin where those before end',
    ],
    [
      'with tensors that overlap',
      fileOf({ a: entry([2], 0, 8), b: entry([2], 4, 12) }, [1, 2, 3]),
      'the data of b do not begin where those before end',
    ],
    ['of other numbers', fileOf({ a: { ...two.a, dtype: 'F16' } }, [1, 2]), 'a is F16, not F32'],
    ['with a shape that does not fit', fileOf({ a: entry([3], 0, 8) }, [1, 2]), 'do not fit'],
    ['with a negative dimension', fileOf({ a: entry([-2], 0, 8) }, [1, 2]), 'is not one'],
    ['with an entry that is none', fileOf({ a: null }, []), 'is not one'],
  ])('%s', (_, file, words) => {
    expect(() => decodeSafetensors(file)).toThrow(words);
  });
});

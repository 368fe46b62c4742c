import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { afterAll, describe, expect, it } from 'vitest';
import { openIdx } from '../../src/datasets/idx.ts';
import type { IdxSettings } from '../../src/datasets/idx.ts';
import { parseIdx } from '../../src/datasets/idx-file.ts';
import { createIdxReader } from '../../src/datasets/idx-values.ts';

const folder = mkdtempSync(join(tmpdir(), 'paceline-idx-'));
afterAll(() => {
  rmSync(folder, { recursive: true });
});

/** An IDX file: its type byte, dimensions, and the bytes of its values. */
function idxBytes(
  type: number,
  dimensions: readonly number[],
  body: readonly number[],
): Uint8Array {
  const header = [
    0,
    0,
    type,
    dimensions.length,
    ...dimensions.flatMap((n) => [n >>> 24, (n >>> 16) & 255, (n >>> 8) & 255, n & 255]),
  ];
  return Uint8Array.from([...header, ...body]);
}

function write(name: string, bytes: Uint8Array): string {
  const path = join(folder, name);
  writeFileSync(path, bytes);
  return path;
}

const images = write(
  'images',
  idxBytes(8, [3, 2, 2], [0, 51, 102, 153, 204, 255, 0, 0, 1, 2, 3, 4]),
);
const labels = write('labels', idxBytes(8, [3], [2, 0, 1]));
const settings = (changes: Partial<IdxSettings> = {}): IdxSettings => ({
  type: 'idx',
  train: { images, labels },
  classes: 3,
  ...changes,
});
const oneHot = { labels: 'oneHot', seed: 1 } as const;

describe('images and labels in IDX files', () => {
  it('are read by index: bytes over 255, one channel, one-hot labels', async () => {
    const { train, test } = await openIdx(settings(), oneHot);
    expect(train.examples).toBe(3);
    expect(test).toBeUndefined();
    const { x, y } = train.read(Uint32Array.of(1, 0));
    expect(x).toEqual([
      {
        name: '',
        shape: [2, 2, 2, 1],
        values: Float32Array.from([204, 255, 0, 0, 0, 51, 102, 153], (n) => n / 255),
      },
    ]);
    expect(y).toEqual([{ name: '', shape: [2, 3], values: Float32Array.of(1, 0, 0, 0, 0, 1) }]);
  });

  it('are flat on demand, with class numbers when the loss wants them', async () => {
    const { train } = await openIdx(settings({ flatten: true }), { ...oneHot, labels: 'index' });
    const { x, y } = train.read(Uint32Array.of(2));
    expect(x[0]?.shape).toEqual([1, 4]);
    expect(y).toEqual([{ name: '', shape: [1, 1], values: Float32Array.of(1) }]);
  });

  it('may be gzipped: the examples and the digest are the same', async () => {
    const packed = write(
      'images.gz',
      gzipSync(idxBytes(8, [3, 2, 2], [0, 51, 102, 153, 204, 255, 0, 0, 1, 2, 3, 4])),
    );
    const plain = await openIdx(settings(), oneHot);
    const zipped = await openIdx(settings({ train: { images: packed, labels } }), oneHot);
    expect(zipped.train.digest).toBe(plain.train.digest);
    expect(zipped.train.read(Uint32Array.of(0))).toEqual(plain.train.read(Uint32Array.of(0)));
  });

  it('have another digest when one byte is another', async () => {
    const other = write(
      'other',
      idxBytes(8, [3, 2, 2], [0, 51, 102, 153, 204, 255, 0, 0, 1, 2, 3, 5]),
    );
    const [a, b] = [
      await openIdx(settings(), oneHot),
      await openIdx(settings({ train: { images: other, labels } }), oneHot),
    ];
    expect(a.train.digest).not.toBe(b.train.digest);
  });

  it('are refused when an index is out of range', async () => {
    const { train } = await openIdx(settings(), oneHot);
    expect(() => train.read(Uint32Array.of(3))).toThrow(/there is no example 3: the split has 3/);
  });
});

describe('a bad file is named, with the byte:', () => {
  const open = (changes: Partial<IdxSettings>): Promise<unknown> =>
    openIdx(settings(changes), oneHot);

  it.each([
    [
      'no IDX file',
      Uint8Array.from([1, 2, 3, 4]),
      /byte 0: an IDX file starts with two zero bytes/,
    ],
    ['an empty file', new Uint8Array(), /byte 0/],
    ['an unknown type', idxBytes(7, [1], [0]), /byte 2: 0x7 is no IDX type/],
    [
      'a cut header',
      Uint8Array.from([0, 0, 8, 3, 0, 0]),
      /byte 3: the header of a rank 3 file is not complete/,
    ],
    [
      'a cut body',
      idxBytes(8, [3, 2, 2], [1, 2, 3]),
      /byte 19: \[3, 2, 2\] of uint8 takes 12 bytes, the file has 3/,
    ],
    [
      'a body too long',
      idxBytes(8, [1], [1, 2, 3]),
      /byte 9: \[1\] of uint8 takes 1 bytes, the file has 3/,
    ],
    [
      'cut gzip data',
      gzipSync(new Uint8Array(100)).subarray(0, 20),
      /byte 0: the gzip data cannot be unpacked/,
    ],
  ])('%s', async (name, bytes, message) => {
    const path = write(name.replaceAll(' ', '-'), bytes);
    const promise = open({ train: { images: path, labels } });
    await expect(promise).rejects.toThrow(message);
    await expect(promise).rejects.toMatchObject({
      code: 'bad-data',
      message: expect.stringContaining(path) as string,
    });
  });

  it('labels for another number of images', async () => {
    const two = write('two', idxBytes(8, [2], [0, 1]));
    await expect(open({ train: { images, labels: two } })).rejects.toThrow(
      /byte 4: 2 labels for 3 images/,
    );
  });

  it('a label that is no class', async () => {
    await expect(open({ classes: 2 })).rejects.toThrow(
      /byte 8: label 2 of example 0 is not below 2 classes/,
    );
  });

  it('labels that are images', async () => {
    await expect(open({ train: { images, labels: images } })).rejects.toThrow(
      /labels must be one row of uint8/,
    );
  });

  it('a file that is not there', async () => {
    const missing = join(folder, 'missing');
    await expect(open({ train: { images: missing, labels } })).rejects.toMatchObject({
      code: 'missing-data',
    });
  });
});

describe('values of every IDX type are big-endian:', () => {
  it.each([
    ['int8', 0x09, [0xff, 0x02], [-1, 2]],
    ['int16', 0x0b, [0xff, 0xfe, 0x01, 0x00], [-2, 256]],
    ['int32', 0x0c, [0xff, 0xff, 0xff, 0xfd, 0x00, 0x01, 0x00, 0x00], [-3, 65536]],
    ['float32', 0x0d, [0x3f, 0xc0, 0x00, 0x00, 0xc0, 0x00, 0x00, 0x00], [1.5, -2]],
    ['float64', 0x0e, [0x3f, 0xf8, 0, 0, 0, 0, 0, 0, 0xc0, 0, 0, 0, 0, 0, 0, 0], [1.5, -2]],
  ])('%s', (_, type, body, expected) => {
    const into = new Float32Array(2);
    createIdxReader(parseIdx('file', idxBytes(type, [2], body)), 1)(0, into);
    expect(Array.from(into)).toEqual(expected);
  });
});

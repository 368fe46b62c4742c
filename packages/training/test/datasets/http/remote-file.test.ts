import { once } from 'node:events';
import { copyFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { Worker } from 'node:worker_threads';
import { parquetWriteBuffer } from 'hyparquet-writer';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import type { Batch } from '../../../src/datasets/dataset.ts';
import { closeDataset } from '../../../src/datasets/dataset.ts';
import { openStoredFile } from '../../../src/datasets/files/open-file.ts';
import { resolvePlace } from '../../../src/datasets/http/address.ts';
import { openRemoteFile } from '../../../src/datasets/http/remote-file.ts';
import { httpCacheSettings } from '../../../src/datasets/http/settings.ts';
import { openDataset } from '../../../src/datasets/registry.ts';
import type { DataSettings } from '../../../src/datasets/registry.ts';
import { temporaryFiles } from '../../support/files.ts';

const { folder, write } = temporaryFiles();
const cache = join(folder, 'cache');
const mebibyte = 2 ** 20;
let server: Worker | undefined;
let url = '';

beforeAll(async () => {
  vi.stubEnv('PACELINE_CACHE', cache);
  const file = new URL('../../support/folder-server-thread.ts', import.meta.url);
  server = new Worker(file, { workerData: folder, execArgv: ['--conditions=paceline-source'] });
  [url] = (await once(server, 'message')) as [string];
});
afterAll(async () => {
  vi.unstubAllEnvs();
  await server?.terminate();
});

const range = (n: number): number[] => Array.from({ length: n }, (_, i) => i);

async function look(settings: DataSettings, indices: readonly number[]) {
  const dataset = await openDataset(settings, undefined, { labels: 'index', seed: 3 });
  try {
    const batch = await dataset.train.read(Uint32Array.from(indices));
    const array = ({ values, shape }: Batch['x'][number]): unknown => [shape, ...values];
    return { x: batch.x.map(array), y: batch.y.map(array), digest: dataset.train.digest };
  } finally {
    closeDataset(dataset);
  }
}

/** IDX of these bytes. */
const idx = (dimensions: readonly number[], values: readonly number[]): Uint8Array =>
  Uint8Array.from([
    0,
    0,
    8,
    dimensions.length,
    ...dimensions.flatMap((n) => [0, 0, 0, n]),
    ...values,
  ]);

describe('every kind of file', () => {
  const rows = { delimiter: ',', header: false, categories: {}, onBadExample: 'fail' } as const;
  const kinds: readonly (readonly [string, boolean, (at: string) => DataSettings])[] = [
    ['rows.csv', true, (at) => ({ type: 'csv', train: at, columns: { x: [1], y: [2] }, ...rows })],
    [
      'lines.jsonl',
      true,
      (at) => ({ type: 'jsonLines', train: at, fields: { x: 'x', y: 'y' }, ...rows }),
    ],
    [
      'rows.parquet',
      false,
      (at) => ({ type: 'parquet', train: at, columns: { x: 'x', y: 'y' }, ...rows }),
    ],
    ['book.txt', false, (at) => ({ type: 'text', train: at, length: 7, tokens: 'bytes' })],
    ['labels.npy', false, (at) => ({ type: 'npy', train: { x: at, y: at }, scale: 1 })],
    ['images.idx', true, (at) => ({ type: 'idx', train: { images: at, labels: `${at}.labels` } })],
  ];
  beforeAll(() => {
    write(
      'rows.csv',
      range(100_000)
        .map((i) => `${String(i)},${String(-i)}\n`)
        .join(''),
    );
    write(
      'lines.jsonl',
      range(9)
        .map((i) => JSON.stringify({ x: i, y: [i, i] }))
        .join('\n'),
    );
    const columnData = ['x', 'y'].map((name) => ({
      name,
      data: range(50),
      type: 'INT32' as const,
    }));
    write('rows.parquet', new Uint8Array(parquetWriteBuffer({ columnData, rowGroupSize: 8 })));
    write('book.txt', 'a text that is long enough for several examples. '.repeat(50_000));
    copyFileSync(
      new URL('../numpy/fixtures/labels.npy', import.meta.url),
      join(folder, 'labels.npy'),
    );
    write('images.idx', idx([3, 1, 2], [0, 51, 102, 153, 204, 255]));
    write('images.idx.labels', idx([3], [2, 1, 0]));
  });

  it.each(kinds)('is the same from the web as from disk: %s', async (name, isHashed, settings) => {
    const indices = [2, 0, 1];
    const [web, disk] = [
      await look(settings(`${url}/${name}`), indices),
      await look(settings(join(folder, name)), indices),
    ];
    expect({ ...web, digest: '' }).toEqual({ ...disk, digest: '' });
    // What is not read as a whole is known by its address and its ETag.
    expect(web.digest === disk.digest).toBe(isHashed);
    expect(await look(settings(`${url}/${name}`), indices)).toEqual(web);
  });

  it('is kept in the cache of the user', () => {
    expect(readdirSync(join(cache, 'http')).length).toBeGreaterThan(5);
  });
});

describe('a file that is read in pieces', () => {
  const bytes = Uint8Array.from({ length: 11 * mebibyte + 3 }, (_, i) => (i >> 8) ^ i);
  const limitBytes = 16 * mebibyte;

  it('has its bytes at every place, over blocks, with any cache', () => {
    write('large.bin', bytes);
    const file = openRemoteFile(`${url}/large.bin`, { folder: join(folder, 'own'), limitBytes });
    expect(file.size).toBe(bytes.length);
    const places = [
      [0, 10],
      [5 * mebibyte - 5, 10],
      [11 * mebibyte, 3],
      [mebibyte, 3 * mebibyte],
      [0, 4 * mebibyte],
    ] as const;
    for (const [position, length] of places) {
      const into = new Uint8Array(length);
      file.readAt(into, position);
      // In one piece: to compare millions of elements one by one takes seconds.
      expect(Buffer.compare(into, bytes.subarray(position, position + length))).toBe(0);
    }
    expect(() => {
      file.readAt(new Uint8Array(4), 11 * mebibyte);
    }).toThrow(`${url}/large.bin ends before byte`);
    file.close();
    file.close();
  });

  it('that changes meanwhile is one clear error', () => {
    write('changing.bin', bytes);
    const file = openRemoteFile(`${url}/changing.bin`, { folder: join(folder, 'own'), limitBytes });
    write('changing.bin', bytes.subarray(1));
    expect(() => {
      file.readAt(new Uint8Array(1), 9 * mebibyte);
    }).toThrow(`${url}/changing.bin: it has changed while it was read`);
    file.close();
  });

  it('is missed by its address', () => {
    expect(() => openStoredFile(`${url}/nothing.bin?key=secret`)).toThrow(
      `${url}/nothing.bin: the server answers 404, there is no such file`,
    );
  });
});

it('a place is a path or an address of the web', () => {
  expect(resolvePlace('HTTPS://a/b')).toBe('HTTPS://a/b');
  expect(resolvePlace('a/../b.csv')).toBe(join(process.cwd(), 'b.csv'));
  expect(() => resolvePlace('s3://bucket/b.csv')).toThrow(
    's3://bucket/b.csv: files are read from disk, http:// and https://, not from s3://',
  );
  expect(() => openStoredFile('http://')).toThrow('http:// is no address');
});

it('the cache is where the user wants it, and as large', () => {
  expect(httpCacheSettings({ PACELINE_CACHE: '/c' })).toEqual({
    folder: join('/c', 'http'),
    limitBytes: 8 * 2 ** 30,
  });
  const given = { XDG_CACHE_HOME: '/x', PACELINE_HTTP_CACHE_BYTES: '5000000' };
  expect(httpCacheSettings(given)).toEqual({
    folder: join('/x', 'paceline', 'http'),
    limitBytes: 5_000_000,
  });
  expect(() => httpCacheSettings({ PACELINE_HTTP_CACHE_BYTES: '5 GB' })).toThrow('got 5 GB');
});

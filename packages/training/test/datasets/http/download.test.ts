import { mkdtempSync, readdirSync, readFileSync } from 'node:fs';
import type { ServerResponse } from 'node:http';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { parseAddress } from '../../../src/datasets/http/address.ts';
import { blockBytes, createBlockStore } from '../../../src/datasets/http/block-store.ts';
import { createDownloads, sizeOfBlock } from '../../../src/datasets/http/download.ts';
import type { RemoteFile } from '../../../src/datasets/http/download.ts';
import type { DownloadPorts } from '../../../src/datasets/http/ports.ts';
import { temporaryFiles } from '../../support/files.ts';
import { startRangeServer } from '../../support/range-server.ts';
import type { Served } from '../../support/range-server.ts';

const { folder, write } = temporaryFiles();
const bytes = Uint8Array.from({ length: 3 * blockBytes + 17 }, (_, i) => (i * 7 + (i >> 12)) % 251);
const etag = '"one"';
const mebibyte = 2 ** 20;

async function setUp(served: Partial<Served> = {}, limits: Partial<DownloadPorts> = {}) {
  const server = await startRangeServer({ bytes, etag, ...served });
  const root = mkdtempSync(join(folder, 'cache-'));
  const store = limits.store ?? createBlockStore(root, 64 * mebibyte);
  const ports = { store, fetch, attempts: 3, pauseMs: 1, idleMs: 5000, ...limits };
  const downloads = createDownloads(ports);
  const open = (): Promise<RemoteFile> => downloads.open(parseAddress(server.url));
  const blockOf = (file: RemoteFile, block: number): Uint8Array | undefined => {
    const into = new Uint8Array(sizeOfBlock(file, block));
    const isThere = store.read({ key: file.key, block }, into.length, { into, offset: 0 });
    return isThere ? into : undefined;
  };
  return {
    server,
    store,
    downloads,
    open,
    blockOf,
    root,
    [Symbol.asyncDispose]: server[Symbol.asyncDispose],
  };
}

/** In one piece: to compare a million elements one by one takes a second. */
function expectBlock(found: Uint8Array | undefined, i: number): void {
  const expected = bytes.subarray(i * blockBytes, (i + 1) * blockBytes);
  expect(found && Buffer.compare(found, expected)).toBe(0);
}

const status = (code: number, headers: Record<string, string> = {}) => {
  return (_: unknown, response: ServerResponse): void => {
    response.writeHead(code, headers).end();
  };
};

describe('a file on the web', () => {
  it('comes block by block, one question for neighbours, each once', async () => {
    await using t = await setUp();
    const file = await t.open();
    expect(file).toMatchObject({ size: bytes.length, etag, isRanged: true });
    expectBlock(t.blockOf(file, 0), 0);
    expect(t.blockOf(file, 2)).toBeUndefined();
    await t.downloads.bring(file, { first: 2, count: 2 });
    expect(t.blockOf(file, 1)).toBeUndefined();
    for (const i of [2, 3]) expectBlock(t.blockOf(file, i), i);
    const last = bytes.length - 1;
    expect(t.server.asked).toEqual([`bytes=0-${mebibyte - 1}`, `bytes=${2 * mebibyte}-${last}`]);
  });

  it('that is opened again is where it was, as long as its version is the same', async () => {
    await using t = await setUp();
    const first = await t.open();
    expect((await t.open()).key).toBe(first.key);
    t.server.served.etag = '"two"';
    expect((await t.open()).key).not.toBe(first.key);
  });

  it.each([{ length: true }, { length: false }])(
    'comes as a whole from a server that knows no ranges, and is then not brought again (%j)',
    async ({ length }) => {
      await using t = await setUp({ ranges: false, length });
      const file = await t.open();
      expect(file).toMatchObject({ size: bytes.length, isRanged: false });
      for (const i of [0, 1, 2, 3]) expectBlock(t.blockOf(file, i), i);
      expect((await t.open()).size).toBe(bytes.length);
      await t.downloads.bring(file, { first: 1, count: 1 });
      expectBlock(t.blockOf(file, 3), 3);
    },
  );

  it('that is empty has no bytes', async () => {
    await using t = await setUp({ bytes: new Uint8Array() });
    expect((await t.open()).size).toBe(0);
    t.server.served.ranges = false;
    expect((await t.open()).size).toBe(0);
  });

  it('has an identity only with a strong ETag, and no version when the server says none', async () => {
    await using weak = await setUp({ etag: 'W/"one"' });
    expect(await weak.open()).toMatchObject({ etag: undefined, version: 'W/"one"' });
    await using none = await setUp({ etag: undefined });
    const [first, second] = [await none.open(), await none.open()];
    expect(first.version).toBeUndefined();
    // What was kept the last time may be of another version.
    expect(first.key).not.toBe(second.key);
    await using dated = await setUp({
      etag: undefined,
      lastModified: 'Thu, 01 Jan 2026 00:00:00 GMT',
    });
    expect((await dated.open()).key).toBe((await dated.open()).key);
  });

  it('may need a name and a password, which go nowhere else', async () => {
    await using t = await setUp();
    const seen: (string | undefined)[] = [];
    t.server.instead.push((request, response) => {
      seen.push(request.headers.authorization);
      status(403)(request, response);
    });
    const url = t.server.url.replace('//', '//me:s%40fe@');
    const opening = t.downloads.open(parseAddress(`${url}?signature=secret`));
    await expect(opening).rejects.toThrow(`${t.server.url}: the server answers 403, it refuses`);
    expect(seen).toEqual([`Basic ${Buffer.from('me:s@fe').toString('base64')}`]);
  });

  it('may be somewhere else', async () => {
    await using t = await setUp();
    t.server.instead.push(status(302, { location: t.server.url }));
    expect((await t.open()).size).toBe(bytes.length);
  });
});

describe('what goes wrong on the way is tried again:', () => {
  it.each<[string, (response: ServerResponse) => void]>([
    ['a broken server', (response) => void response.writeHead(500).end()],
    ['a busy one', (response) => void response.writeHead(503, { 'retry-after': '0' }).end()],
    ['a connection that ends', (response) => void response.destroy()],
    [
      'an answer that is too short',
      (response) => {
        const range = `bytes 0-${String(mebibyte - 1)}/${String(bytes.length)}`;
        response.writeHead(206, { 'content-range': range, etag }).end(Buffer.from('short'));
      },
    ],
  ])('%s', async (_, answer) => {
    await using t = await setUp();
    t.server.instead.push(
      (__, response) => {
        answer(response);
      },
      (__, response) => {
        answer(response);
      },
    );
    const file = await t.open();
    expectBlock(t.blockOf(file, 0), 0);
    expect(t.server.asked).toHaveLength(3);
  });

  it('but not for ever', async () => {
    await using t = await setUp();
    for (let i = 0; i < 3; i += 1) t.server.instead.push(status(500));
    await expect(t.open()).rejects.toThrow(
      `${t.server.url} cannot be read: the server answers 500 (3 attempts)`,
    );
    expect(t.server.asked).toHaveLength(3);
  });

  it('nor where nobody listens', async () => {
    const t = await setUp();
    await t[Symbol.asyncDispose]();
    await expect(t.open()).rejects.toThrow(/cannot be read: .*ECONNREFUSED.* \(3 attempts\)/);
  });

  it('a server that says nothing, or stops in the middle', async () => {
    await using t = await setUp({}, { idleMs: 100 });
    t.server.instead.push(
      () => undefined,
      (_, response) => {
        const range = `bytes 0-${String(mebibyte - 1)}/${String(bytes.length)}`;
        response.writeHead(206, { 'content-range': range, etag }).write(Buffer.from('some'));
      },
    );
    expect((await t.open()).size).toBe(bytes.length);
    t.server.instead.push(
      () => undefined,
      () => undefined,
      () => undefined,
    );
    await expect(t.open()).rejects.toThrow('no answer in 0.1 s (3 attempts)');
  });
});

describe('what will not get better ends at once:', () => {
  it.each([
    [status(404), 'missing-data', 'the server answers 404, there is no such file'],
    [status(401), 'missing-data', 'the server answers 401, it wants a name and a password'],
    [status(204), 'missing-data', 'the server answers 204'],
    [status(206), 'bad-data', 'bytes from 0 on were asked for, the range is none'],
    [
      status(206, { 'content-range': 'bytes 5-9/10' }),
      'bad-data',
      'bytes from 0 on were asked for, the range is bytes 5-9/10',
    ],
    [status(200, { 'content-encoding': 'gzip' }), 'bad-data', 'the server packs it (gzip)'],
  ])('%#', async (answer, code, message) => {
    await using t = await setUp();
    t.server.instead.push(answer);
    await expect(t.open()).rejects.toMatchObject({
      code,
      message: expect.stringContaining(`${t.server.url}: ${message}`) as string,
    });
    expect(t.server.asked).toHaveLength(1);
  });

  it('redirects that go round', async () => {
    await using t = await setUp();
    for (let i = 0; i < 30; i += 1) t.server.instead.push(status(302, { location: t.server.url }));
    await expect(t.open()).rejects.toThrow('redirect count exceeded');
  });

  it.each<[string, (served: Served) => void, string]>([
    [
      'its version',
      (served) => (served.etag = '"two"'),
      `it was ${bytes.length} bytes, "one", and is`,
    ],
    ['its length', (served) => (served.bytes = bytes.subarray(0, -1)), 'and is 3145744 bytes'],
  ])('a file that changes %s while it is read', async (_, change, message) => {
    await using t = await setUp();
    const file = await t.open();
    change(t.server.served);
    const bringing = t.downloads.bring(file, { first: 1, count: 1 });
    await expect(bringing).rejects.toThrow('it has changed while it was read');
    await expect(t.downloads.bring(file, { first: 1, count: 1 })).rejects.toThrow(message);
  });

  it.each([{ length: true }, { length: false }])(
    'a whole file that the cache does not take (%j)',
    async ({ length }) => {
      const store = createBlockStore(mkdtempSync(join(folder, 'small-')), 2 * mebibyte);
      await using t = await setUp({ ranges: false, length }, { store });
      await expect(t.open()).rejects.toThrow(
        /knows no ranges of bytes, and the whole file does not fit into the cache of 2097152 bytes/,
      );
    },
  );

  it('a cache that cannot be written', async () => {
    const store = createBlockStore(join(write('a file', ''), 'below'), 64 * mebibyte);
    await using t = await setUp({}, { store });
    await expect(t.open()).rejects.toThrow('it cannot be kept on disk');
    expect(t.server.asked).toHaveLength(1);
  });
});

describe('blocks on disk', () => {
  const sizes = (root: string): number =>
    readdirSync(root, { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile())
      .reduce((sum, entry) => sum + readFileSync(join(entry.parentPath, entry.name)).length, 0);

  it('take no more than they may: the oldest go', () => {
    const root = mkdtempSync(join(folder, 'bounded-'));
    const store = createBlockStore(root, 6 * mebibyte);
    for (let i = 0; i < 20; i += 1) {
      store.write({ key: 'a', block: i }, new Uint8Array(mebibyte).fill(i));
      expect(sizes(root)).toBeLessThanOrEqual(6 * mebibyte);
    }
    expect(store.has({ key: 'a', block: 19 }, mebibyte)).toBe(true);
    expect(store.has({ key: 'a', block: 0 }, mebibyte)).toBe(false);
  });

  it('that are cut are not there', () => {
    const store = createBlockStore(mkdtempSync(join(folder, 'cut-')), 6 * mebibyte);
    store.write({ key: 'a', block: 0 }, Uint8Array.of(1, 2, 3));
    const into = new Uint8Array(2);
    expect(store.read({ key: 'a', block: 0 }, 4, { into, offset: 0 })).toBe(false);
    expect(store.read({ key: 'a', block: 0 }, 3, { into, offset: 1 })).toBe(true);
    expect([...into]).toEqual([2, 3]);
  });

  it('are whole for all who share a folder, whoever writes and removes meanwhile', async () => {
    await using t = await setUp({}, {});
    const others = Array.from({ length: 4 }, () =>
      createDownloads({
        ...{ fetch, attempts: 3, pauseMs: 1, idleMs: 5000 },
        store: createBlockStore(t.root, 4 * mebibyte),
      }),
    );
    const file = await t.open();
    await Promise.all(
      others.flatMap((each) =>
        [0, 1, 2, 3].map((first) => each.bring(file, { first, count: 4 - first })),
      ),
    );
    const kept = [0, 1, 2, 3].filter((i) => t.blockOf(file, i) !== undefined);
    expect(kept.length).toBeGreaterThan(0);
    for (const i of kept) expectBlock(t.blockOf(file, i), i);
  });
});

import { mkdir, readdir, readFile, truncate, utimes, writeFile } from 'node:fs/promises';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import {
  addonPlace,
  cacheDirectory,
  checkRoom,
  commitEntry,
  createWorkDirectory,
  entryKey,
  findEntry,
  sweepCache,
} from '../src/cache.ts';
import { createTfjsNode, fakePlatform, makeResult } from './support/fake-workshop.ts';
import { temporaryFolder } from './support/folder.ts';

const owner = { pid: 7, started: '700', host: 'abcdef01' };

test('the cache is where PACELINE_CACHE says, else in the XDG folder, else in ~/.cache', () => {
  expect(cacheDirectory({ PACELINE_CACHE: '/a', XDG_CACHE_HOME: '/b' })).toBe('/a/tensorflow');
  expect(cacheDirectory({ XDG_CACHE_HOME: '/b' })).toBe('/b/paceline/tensorflow');
  expect(cacheDirectory({})).toBe(join(homedir(), '.cache/paceline/tensorflow'));
});

test('an entry has another name when the addon source, the platform or the wheel is another', async () => {
  const project = await temporaryFolder();
  await createTfjsNode(project);
  const tfjsNode = { directory: join(project, 'tfjs-node'), version: '4.22.0' };
  const key = entryKey(fakePlatform, tfjsNode);
  expect(key).toMatch(/^tensorflow-9\.9\.9-tfjs-node-4\.22\.0-linux-x64-[0-9a-f]{12}$/u);
  expect(entryKey(fakePlatform, tfjsNode)).toBe(key);
  expect(entryKey({ ...fakePlatform, name: 'linux-arm64' }, tfjsNode)).not.toBe(key);
  expect(entryKey({ ...fakePlatform, wheel: undefined }, tfjsNode)).not.toBe(key);
  await writeFile(join(tfjsNode.directory, 'binding', 'addon.cc'), 'int other;');
  expect(entryKey(fakePlatform, tfjsNode)).not.toBe(key);
});

test('a committed entry is found whole, and what it was made in keeps nothing of it', async () => {
  const cache = await temporaryFolder();
  const work = await createWorkDirectory(cache, owner);
  await makeResult(work);
  expect(findEntry(cache, 'key')).toBeUndefined();
  await commitEntry(work, cache, 'key', '9.9.9');
  expect(findEntry(cache, 'key')).toEqual({
    directory: join(cache, 'key'),
    addonPath: join(cache, 'key', addonPlace),
    tensorflowVersion: '9.9.9',
  });
  expect(await readdir(work)).toEqual([]);
});

test('an entry with a file cut short is no entry, and is replaced', async () => {
  const cache = await temporaryFolder();
  const first = await createWorkDirectory(cache, owner);
  await makeResult(first);
  await commitEntry(first, cache, 'key', '9.9.9');
  await truncate(join(cache, 'key', addonPlace), 2);
  expect(findEntry(cache, 'key')).toBeUndefined();
  const second = await createWorkDirectory(cache, owner);
  await makeResult(second);
  await commitEntry(second, cache, 'key', '9.9.9');
  expect(await readFile(join(cache, 'key', addonPlace), 'utf8')).toBe('addon');
});

test('of two that commit the same entry one wins, and both go on', async () => {
  const cache = await temporaryFolder();
  const works = await Promise.all(
    [1, 2].map((pid) => createWorkDirectory(cache, { ...owner, pid })),
  );
  await Promise.all(works.map(makeResult));
  await Promise.all(works.map((work) => commitEntry(work, cache, 'key', '9.9.9')));
  expect(findEntry(cache, 'key')).toBeDefined();
});

test('half-made folders of dead set-ups are swept, those of live ones and entries stay', async () => {
  const cache = await temporaryFolder();
  const dead = await createWorkDirectory(cache, owner);
  const live = await createWorkDirectory(cache, { ...owner, pid: 8 });
  await mkdir(join(cache, 'tensorflow-1'));
  const swept = await sweepCache(cache, ({ pid }) => (pid === 8 ? 'alive' : 'dead'));
  expect(swept.map((name) => join(cache, name))).toEqual([dead]);
  expect((await readdir(cache)).map((name) => join(cache, name)).sort()).toEqual(
    [live, join(cache, 'tensorflow-1')].sort(),
  );
});

test('a half-made folder whose maker cannot be asked is swept after a day', async () => {
  const cache = await temporaryFolder();
  const work = await createWorkDirectory(cache, owner);
  const made = new Date('2026-01-01T00:00:00Z');
  await utimes(work, made, made);
  const hourMs = 3_600_000;
  expect(await sweepCache(cache, () => 'unknown', made.getTime() + 23 * hourMs)).toEqual([]);
  expect(await sweepCache(cache, () => 'unknown', made.getTime() + 25 * hourMs)).toHaveLength(1);
});

test('too little room is said in numbers, before anything is fetched', async () => {
  const cache = await temporaryFolder();
  await checkRoom(cache, 1);
  await expect(checkRoom(cache, 1e18)).rejects.toMatchObject({
    code: 'disk-full',
    message: expect.stringMatching(/1000000000000 MB needed, \d+ MB free/u) as string,
  });
});

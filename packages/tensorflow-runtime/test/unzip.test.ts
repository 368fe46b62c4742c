import { existsSync } from 'node:fs';
import { copyFile, readFile, truncate, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { readZip, unzip } from '../src/unzip.ts';
import { temporaryFolder } from './support/folder.ts';

// Made by Python's zipfile: a stored member with an extra field, a deflated one, one that points outside, and 1.5 MB of
// zeros; with a comment at its end.
const archive = join(import.meta.dirname, 'support', 'from-python.zip');

test('the list of files is read, past the comment', async () => {
  const members = await readZip(archive);
  expect(members.map(({ name, bytes, method }) => [name, bytes, method])).toEqual([
    ['tensorflow/a.txt', 7, 0],
    ['tensorflow/include/b.h', 180, 8],
    ['../outside', 1, 0],
    ['large', 1_500_000, 8],
  ]);
});

test('stored, deflated and large files come out byte for byte', async () => {
  const root = await temporaryFolder();
  const members = await readZip(archive);
  const inside = members.filter(({ name }) => name !== '../outside');
  await unzip(
    archive,
    inside.map((member) => ({ member, to: member.name })),
    { root },
  );
  expect(await readFile(join(root, 'tensorflow/a.txt'), 'utf8')).toBe('stored\n');
  expect(await readFile(join(root, 'tensorflow/include/b.h'), 'utf8')).toBe('deflated '.repeat(20));
  expect((await readFile(join(root, 'large'))).equals(Buffer.alloc(1_500_000))).toBe(true);
});

test('a file that points outside is refused and not written', async () => {
  const root = join(await temporaryFolder(), 'inner');
  const members = (await readZip(archive)).filter(({ name }) => name === '../outside');
  const places = members.map((member) => ({ member, to: member.name }));
  await expect(unzip(archive, places, { root })).rejects.toMatchObject({ code: 'unpack-failed' });
  expect(existsSync(join(root, '../outside'))).toBe(false);
});

test('a cut-off archive and a file that is none are refused', async () => {
  const folder = await temporaryFolder();
  const cut = join(folder, 'cut.zip');
  await copyFile(archive, cut);
  await truncate(cut, 900);
  await expect(readZip(cut)).rejects.toThrow(/it is no zip archive, or was cut off/u);
  await writeFile(join(folder, 'text'), 'text');
  await expect(readZip(join(folder, 'text'))).rejects.toThrow(/it is no zip archive/u);
});

test('an interrupted unpacking stops', async () => {
  const root = await temporaryFolder();
  const members = await readZip(archive);
  const places = members.map((member) => ({ member, to: member.name }));
  await expect(unzip(archive, places, { root, signal: AbortSignal.abort() })).rejects.toThrow(
    /abort/u,
  );
});

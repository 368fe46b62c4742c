import { readdir, readFile, utimes, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { acquireLock } from '../src/lock.ts';
import type { Liveness, Owner } from '../src/owner.ts';
import { temporaryFolder } from './support/folder.ts';

const me: Owner = { pid: 1, started: '100', host: 'aaaaaaaa' };
const other: Owner = { pid: 2, started: '200', host: 'aaaaaaaa' };
const noPause = () => Promise.reject(new Error('it waited'));
const options = (liveness: Liveness) => ({ owner: me, liveness: () => liveness, pause: noPause });

test('a free lock is taken at once and names its holder until it is released', async () => {
  const folder = await temporaryFolder();
  const path = join(folder, 'lock');
  const lock = await acquireLock(path, options('alive'));
  expect(JSON.parse(await readFile(path, 'utf8'))).toEqual(me);
  await lock.release();
  expect(await readdir(folder)).toEqual([]);
});

test('a live holder is waited for, told of once, and its release lets the next one in', async () => {
  const path = join(await temporaryFolder(), 'lock');
  const first = await acquireLock(path, { ...options('alive'), owner: other });
  const told: Owner[] = [];
  let looks = 0;
  const second = await acquireLock(path, {
    ...options('alive'),
    onWait: (holder) => told.push(holder),
    async pause() {
      looks += 1;
      if (looks === 3) await first.release();
    },
  });
  expect(told).toEqual([other]);
  expect(looks).toBe(3);
  expect(JSON.parse(await readFile(path, 'utf8'))).toEqual(me);
  await second.release();
});

test('the lock of a process that is no more is taken without waiting', async () => {
  const folder = await temporaryFolder();
  await writeFile(join(folder, 'lock'), JSON.stringify(other));
  const lock = await acquireLock(join(folder, 'lock'), options('dead'));
  expect(JSON.parse(await readFile(join(folder, 'lock'), 'utf8'))).toEqual(me);
  await lock.release();
  expect(await readdir(folder)).toEqual([]);
});

test('a lock from another machine holds as long as it is touched', async () => {
  const path = join(await temporaryFolder(), 'lock');
  await writeFile(path, JSON.stringify(other));
  await expect(acquireLock(path, options('unknown'))).rejects.toThrow('it waited');
  const longAgo = new Date(Date.now() - 61_000);
  await utimes(path, longAgo, longAgo);
  await (await acquireLock(path, options('unknown'))).release();
});

test('a damaged lock file is no deadlock', async () => {
  const path = join(await temporaryFolder(), 'lock');
  await writeFile(path, '{"pid":');
  const longAgo = new Date(Date.now() - 61_000);
  await utimes(path, longAgo, longAgo);
  await (await acquireLock(path, options('alive'))).release();
});

test('of twenty at once, one holds it at a time', async () => {
  const path = join(await temporaryFolder(), 'lock');
  await writeFile(path, JSON.stringify({ ...other, pid: 99 }));
  let holders = 0;
  let most = 0;
  const compete = async (pid: number) => {
    const lock = await acquireLock(path, {
      owner: { ...me, pid },
      liveness: (owner) => (owner.pid === 99 ? 'dead' : 'alive'),
      pause: () => new Promise((resolve) => setImmediate(resolve)),
    });
    holders += 1;
    most = Math.max(most, holders);
    await readFile(path);
    holders -= 1;
    await lock.release();
  };
  await Promise.all(Array.from({ length: 20 }, (_, index) => compete(100 + index)));
  expect(most).toBe(1);
});

test('a lock that was taken over is not released by its former holder', async () => {
  const path = join(await temporaryFolder(), 'lock');
  const lock = await acquireLock(path, options('alive'));
  await writeFile(path, JSON.stringify(other));
  await lock.release();
  expect(JSON.parse(await readFile(path, 'utf8'))).toEqual(other);
});

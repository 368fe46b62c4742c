import { existsSync } from 'node:fs';
import { mkdir, readdir, readFile, readlink, rm, truncate, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { addonPlace } from '../src/cache.ts';
import {
  AddonBrokenError,
  ChecksumError,
  CompileError,
  InstallScriptError,
} from '../src/errors.ts';
import { readFailure } from '../src/failure.ts';
import { provisionTensorFlow } from '../src/provision.ts';
import type { Workshop } from '../src/workshop.ts';
import { createFakeWorkshop, createTfjsNode, fakePlatform } from './support/fake-workshop.ts';
import { temporaryFolder } from './support/folder.ts';

async function openBench(changes: Partial<Workshop> = {}) {
  const folder = await temporaryFolder();
  const project = join(folder, 'project');
  const cache = join(folder, 'cache');
  await createTfjsNode(project);
  const workshop = createFakeWorkshop(project, changes);
  const lines: string[] = [];
  const provision = (more: object = {}) =>
    provisionTensorFlow({
      project,
      cache,
      workshop,
      platform: fakePlatform,
      log: (line) => lines.push(line),
      ...more,
    });
  const addon = join(project, 'tfjs-node', addonPlace);
  const leftovers = async () =>
    (await readdir(cache)).filter((name) => !/^(?:stamps|tensorflow-9.*[0-9a-f]{12})$/u.test(name));
  return { project, cache, workshop, lines, provision, addon, leftovers };
}

test('with nothing there it downloads, builds, verifies and links, and leaves nothing else behind', async () => {
  const { provision, workshop, addon, leftovers } = await openBench();
  expect(await provision()).toEqual({ how: 'built', version: '9.9.9' });
  expect(workshop.done).toEqual(['download', 'build', 'verify']);
  expect(await readFile(addon, 'utf8')).toBe('addon');
  expect(await leftovers()).toEqual([]);
});

test('the second time nothing is done', async () => {
  const { provision, workshop } = await openBench();
  await provision();
  workshop.done.length = 0;
  expect(await provision()).toEqual({ how: 'present', version: '9.9.9' });
  expect(workshop.done).toEqual([]);
});

test('after `npm ci` took the links away, they are put back from the cache without trying anything', async () => {
  const { provision, workshop, project, addon } = await openBench();
  await provision();
  workshop.done.length = 0;
  await rm(join(project, 'tfjs-node'), { recursive: true });
  await createTfjsNode(project);
  expect(await provision()).toEqual({ how: 'relinked', version: '9.9.9' });
  expect(workshop.done).toEqual([]);
  expect(await readlink(join(project, 'tfjs-node', 'deps', 'lib', 'libtwo.so'))).toMatch(
    /deps\/lib\/libtwo\.so$/u,
  );
  expect(existsSync(addon)).toBe(true);
});

test('an addon that lies there and works is left alone', async () => {
  const { provision, workshop, addon } = await openBench();
  await mkdir(join(addon, '..'), { recursive: true });
  await writeFile(addon, 'theirs');
  expect(await provision()).toEqual({ how: 'present', version: '9.9.9' });
  expect(await provision()).toEqual({ how: 'present', version: '9.9.9' });
  expect(workshop.done).toEqual(['verify']);
  expect(await readFile(addon, 'utf8')).toBe('theirs');
});

test('an addon that lies there broken is replaced by one that works', async () => {
  const { provision, addon, lines } = await openBench({
    async verifyAddon({ addonPath }) {
      if ((await readFile(addonPath, 'utf8')) === 'theirs')
        throw new AddonBrokenError('it crashed');
      return { version: '9.9.9', error: 0 };
    },
  });
  await mkdir(join(addon, '..'), { recursive: true });
  await writeFile(addon, 'theirs');
  expect(await provision()).toMatchObject({ how: 'built' });
  expect(lines[0]).toMatch(/it crashed$/u);
  expect(await readFile(addon, 'utf8')).toBe('addon');
});

test('the install script comes first where its authors have an addon; its failure is told and the build follows', async () => {
  const platform = { ...fakePlatform, hasPrebuiltAddon: true };
  const lucky = await openBench();
  expect(await lucky.provision({ platform })).toMatchObject({ how: 'install-script' });
  expect(lucky.workshop.done).toEqual(['install-script', 'verify']);
  const unlucky = await openBench({
    runInstallScript: () => Promise.reject(new InstallScriptError('HTTP status 403')),
  });
  expect(await unlucky.provision({ platform })).toMatchObject({ how: 'built' });
  expect(unlucky.lines[0]).toContain('HTTP status 403');
});

test('a tfjs-node that npm left out is brought', async () => {
  const { provision, workshop, project } = await openBench();
  await rm(join(project, 'tfjs-node'), { recursive: true });
  expect(await provision()).toMatchObject({ how: 'built' });
  expect(workshop.done[0]).toBe('bring');
});

test('what does not compute the known gradient never enters the cache', async () => {
  const { provision, addon, leftovers, cache } = await openBench({
    verifyAddon: () => Promise.reject(new AddonBrokenError('it computes a wrong gradient')),
  });
  await expect(provision()).rejects.toMatchObject({ code: 'addon-broken' });
  expect(existsSync(addon)).toBe(false);
  expect((await leftovers()).sort()).toEqual([
    'last-failure.json',
    'tensorflow-cpu-9.9.9-fake-ffffffffffff.whl',
  ]);
  expect(readFailure(cache)?.why).toMatch(/wrong gradient/u);
});

test('a failed build leaves nothing half-made, keeps the wheel, and the next one does not download again', async () => {
  let broken = true;
  const bench = await openBench();
  const { buildAddon } = bench.workshop;
  bench.workshop.buildAddon = async (options) => {
    await buildAddon(options);
    if (broken) throw new CompileError('g++', 'compile addon.cc', 'no space for a joke');
  };
  await expect(bench.provision()).rejects.toMatchObject({ code: 'compile-failed' });
  expect((await bench.leftovers()).sort()).toEqual([
    'last-failure.json',
    'tensorflow-cpu-9.9.9-fake-ffffffffffff.whl',
  ]);
  broken = false;
  bench.workshop.done.length = 0;
  expect(await bench.provision()).toMatchObject({ how: 'built' });
  expect(bench.workshop.done).toEqual(['build', 'verify']);
  expect(await bench.leftovers()).toEqual([]);
});

test('a wheel with the wrong checksum is not kept', async () => {
  const { provision, leftovers } = await openBench({
    downloadWheel: () => Promise.reject(new ChecksumError('tensorflow-cpu', 'aa', 'bb')),
  });
  await expect(provision()).rejects.toMatchObject({
    code: 'checksum',
    expected: 'aa',
    actual: 'bb',
  });
  expect(await leftovers()).toEqual(['last-failure.json']);
});

test('a full disk is said as such, wherever it shows', async () => {
  const full = Object.assign(new Error('ENOSPC: no space left on device'), { code: 'ENOSPC' });
  const { provision } = await openBench({ buildAddon: () => Promise.reject(full) });
  await expect(provision()).rejects.toMatchObject({ code: 'disk-full' });
});

test('without pip or without a compiler it says which, and downloads nothing', async () => {
  const noPip = await openBench({ findPip: () => Promise.resolve(undefined) });
  await expect(noPip.provision()).rejects.toMatchObject({ code: 'pip-absent' });
  const noCompiler = await openBench({ findCompiler: () => Promise.resolve(undefined) });
  await expect(noCompiler.provision()).rejects.toMatchObject({ code: 'compiler-absent' });
  expect(noCompiler.workshop.done).toEqual([]);
  const neither = await openBench({
    findPip: () => Promise.resolve(undefined),
    findCompiler: () => Promise.resolve(undefined),
  });
  await expect(neither.provision()).rejects.toMatchObject({ code: 'tools-absent' });
});

test('an entry of which a library was cut short is made anew, although its addon is whole', async () => {
  const { provision, project } = await openBench();
  await provision();
  const library = join(project, 'tfjs-node', 'deps', 'lib', 'libone.so');
  await truncate(library, 1);
  expect(await provision()).toMatchObject({ how: 'built' });
  expect(await readFile(library, 'utf8')).toBe('one');
});

test('an addon that an older recipe left in the cache gives way to the present one', async () => {
  const { provision, project, workshop } = await openBench();
  await provision();
  await writeFile(join(project, 'tfjs-node', 'binding', 'addon.cc'), 'int newer;');
  workshop.done.length = 0;
  expect(await provision()).toMatchObject({ how: 'built' });
  expect(workshop.done).toEqual(['download', 'build', 'verify']);
});

test('an entry that stopped working is made anew once, not for ever', async () => {
  let works = true;
  const { provision, cache } = await openBench({
    verifyAddon: () =>
      works
        ? Promise.resolve({ version: '9.9.9', error: 0 })
        : Promise.reject(new AddonBrokenError('it crashed')),
  });
  await provision();
  works = false;
  await rm(join(cache, 'stamps'), { recursive: true });
  await expect(provision()).rejects.toMatchObject({ code: 'addon-broken' });
});

test('an interrupted set-up leaves nothing, is not remembered as a failure, and the next one succeeds', async () => {
  const controller = new AbortController();
  const bench = await openBench();
  const { buildAddon } = bench.workshop;
  bench.workshop.buildAddon = async (options) => {
    await buildAddon(options);
    controller.abort();
    options.signal?.throwIfAborted();
  };
  await expect(bench.provision({ signal: controller.signal })).rejects.toMatchObject({
    code: 'interrupted',
  });
  expect(await bench.leftovers()).toEqual(['tensorflow-cpu-9.9.9-fake-ffffffffffff.whl']);
  expect(await bench.provision()).toMatchObject({ how: 'built' });
});

test('two at once: one works, the other waits, says so, and finds all done', async () => {
  const { provision, workshop, lines } = await openBench();
  const pause = () => new Promise<void>((resolve) => setImmediate(resolve));
  const both = await Promise.all([provision({ pause }), provision({ pause })]);
  expect(both.map(({ version }) => version)).toEqual(['9.9.9', '9.9.9']);
  expect(workshop.done).toEqual(['download', 'build', 'verify']);
  expect(lines.filter((line) => line.includes('waiting for it'))).toHaveLength(1);
});

test('a cache that cannot be written is said as such', async () => {
  const { provision, project } = await openBench();
  const cache = join(project, 'tfjs-node', 'binding', 'addon.cc', 'cache');
  await expect(provision({ cache })).rejects.toMatchObject({ code: 'cache-unwritable' });
});

test('a working addon needs no cache that can be written', async () => {
  const { provision, addon, project } = await openBench();
  await mkdir(join(addon, '..'), { recursive: true });
  await writeFile(addon, 'theirs');
  const cache = join(project, 'tfjs-node', 'binding', 'addon.cc', 'cache');
  expect(await provision({ cache })).toEqual({ how: 'present', version: '9.9.9' });
});

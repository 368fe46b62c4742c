import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { readStamp, removeStamp, writeStamp } from '../src/stamp.ts';
import { verifyAddon } from '../src/verify.ts';
import { temporaryFolder } from './support/folder.ts';

/** A tfjs-node whose main file is this. */
async function createPackage(main: string) {
  const directory = join(await temporaryFolder(), 'node_modules', 'tfjs-node');
  await mkdir(join(directory, 'node_modules', '@mapbox', 'node-pre-gyp'), { recursive: true });
  await writeFile(join(directory, 'node_modules', '@mapbox', 'node-pre-gyp', 'index.js'), '');
  await writeFile(join(directory, 'package.json'), '{}');
  await writeFile(join(directory, 'index.js'), main);
  return { directory, addonPath: join(directory, 'addon.node') };
}

test('an addon that takes its process down takes only that one down', async () => {
  const target = await createPackage('process.kill(process.pid, "SIGSEGV"); for (;;) ;');
  await expect(verifyAddon(target)).rejects.toThrow(/the process that loaded it crashed/u);
});

test('an addon that does not load is reported with the line that says why', async () => {
  const target = await createPackage(
    'throw new Error("libtensorflow.so.2: cannot open shared object file");',
  );
  await expect(verifyAddon(target)).rejects.toThrow(
    /could not be loaded: Error: libtensorflow\.so\.2: cannot open shared object file\. Run `paceline setup`/u,
  );
});

test('a backend that computes something else does not count', async () => {
  const target = await createPackage(`
    const tensor = { as4D: () => tensor, reshape: () => tensor };
    const zeros = (count) => ({ dataSync: () => new Float32Array(count) });
    module.exports = {
      tidy: (run) => run(),
      tensor: () => tensor,
      valueAndGrads: () => () => ({ value: zeros(1), grads: [zeros(18), zeros(54)] }),
      backend: () => ({ binding: { TF_Version: '0.0.0' } }),
    };`);
  await expect(verifyAddon(target)).rejects.toThrow(
    /wrong gradient \(TensorFlow 0\.0\.0, relative error 1\)/u,
  );
});

test('a result that is not a number does not count', async () => {
  const target = await createPackage(`
    const tensor = { as4D: () => tensor };
    const empty = { dataSync: () => [] };
    module.exports = {
      tidy: (run) => run(),
      tensor: () => tensor,
      valueAndGrads: () => () => ({ value: empty, grads: [] }),
      backend: () => ({}),
    };`);
  await expect(verifyAddon(target)).rejects.toThrow(/relative error NaN/u);
});

test('an interrupted verification ends', async () => {
  const target = await createPackage('for (;;) ;');
  const signal = AbortSignal.abort();
  await expect(verifyAddon({ ...target, signal })).rejects.toMatchObject({ code: 'interrupted' });
});

test('a stamp holds for this very file and no longer', async () => {
  const cache = await temporaryFolder();
  const addon = join(cache, 'addon.node');
  await writeFile(addon, 'one');
  expect(readStamp(cache, addon)).toBeUndefined();
  await writeStamp(cache, addon, { works: true, version: '2.21.0' });
  expect(readStamp(cache, addon)).toEqual({ works: true, version: '2.21.0' });
  await writeFile(addon, 'other');
  expect(readStamp(cache, addon)).toBeUndefined();
  await writeStamp(cache, addon, { works: false, why: 'it crashed' });
  await removeStamp(cache, addon);
  expect(readStamp(cache, addon)).toBeUndefined();
});

test('without an addon, or without a cache that can be written, nothing is remembered and nothing fails', async () => {
  const folder = await temporaryFolder();
  const addon = join(folder, 'addon.node');
  await writeStamp(folder, addon, { works: true, version: '1' });
  await removeStamp(folder, addon);
  await writeFile(addon, 'one');
  await writeStamp(addon, addon, { works: true, version: '1' });
  expect(readStamp(addon, addon)).toBeUndefined();
});

import { once } from 'node:events';
import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { addonPlace } from '../src/cache.ts';
import { addonAddress, runInstallScript } from '../src/install-script.ts';
import { temporaryFolder } from './support/folder.ts';

const working = `
require('rimraf');
const fs = require('node:fs');
fs.writeFileSync('package.json', '{}');
fs.mkdirSync('lib/napi-v8', { recursive: true });
fs.mkdirSync('deps/lib', { recursive: true });
fs.writeFileSync('lib/napi-v8/tfjs_binding.node', 'addon');
`;

/** A storage that answers with this status, and a tfjs-node that downloads from it with this script. */
async function openPackage(script: string, status: number) {
  const asked: string[] = [];
  const server = createServer((request, response) => {
    asked.push(`${request.method ?? ''} ${request.url ?? ''}`);
    response.writeHead(status).end();
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  onTestFinished(() => void server.close());
  const folder = await temporaryFolder();
  const directory = join(folder, 'node_modules', '@tensorflow', 'tfjs-node');
  const host = `http://127.0.0.1:${String((server.address() as AddressInfo).port)}/builds`;
  const binary = { host, remote_path: './napi-v{napi_build_version}/{version}/' };
  const write = async (path: string, content: string) => {
    await mkdir(join(folder, 'node_modules', path, '..'), { recursive: true });
    await writeFile(join(folder, 'node_modules', path), content);
  };
  await write('@tensorflow/tfjs-node/package.json', JSON.stringify({ version: '4.22.0', binary }));
  await write('@tensorflow/tfjs-node/scripts/install.js', script);
  await write('@tensorflow/tfjs-node/binding/addon.cc', '');
  await write('@tensorflow/tfjs-node/binding.gyp', '');
  await write('rimraf/index.js', '');
  await write('@mapbox/node-pre-gyp/package.json', '{}');
  const workDirectory = join(folder, 'work');
  await mkdir(workDirectory);
  const tfjsNode = { directory, version: '4.22.0', addonPath: join(directory, addonPlace) };
  return { asked, tfjsNode, workDirectory };
}

test('the script runs in a copy, and what it made lies in the work folder', async () => {
  const { asked, tfjsNode, workDirectory } = await openPackage(working, 200);
  await runInstallScript({ tfjsNode, workDirectory });
  expect(asked).toEqual([`HEAD /builds/napi-v8/4.22.0/CPU-${process.platform}-4.22.0.tar.gz`]);
  expect(await readFile(join(workDirectory, addonPlace), 'utf8')).toBe('addon');
  expect((await readdir(workDirectory)).sort()).toEqual(['deps', 'lib']);
  expect((await readdir(tfjsNode.directory)).sort()).toEqual([
    'binding',
    'binding.gyp',
    'package.json',
    'scripts',
  ]);
  expect(await readFile(join(tfjsNode.directory, 'package.json'), 'utf8')).toContain('4.22.0');
});

test('a storage that refuses is asked once, and the script is not started', async () => {
  const { tfjsNode, workDirectory } = await openPackage(working, 403);
  await expect(runInstallScript({ tfjsNode, workDirectory })).rejects.toThrow(/HTTP status 403/u);
  expect(await readdir(workDirectory)).toEqual([]);
});

test('a script that fails is quoted', async () => {
  const script = 'console.error("TAR_BAD_ARCHIVE"); process.exit(1);';
  const { tfjsNode, workDirectory } = await openPackage(script, 200);
  await expect(runInstallScript({ tfjsNode, workDirectory })).rejects.toThrow(/TAR_BAD_ARCHIVE/u);
});

test('a script that ends well without an addon has failed too', async () => {
  const { tfjsNode, workDirectory } = await openPackage('', 200);
  await expect(runInstallScript({ tfjsNode, workDirectory })).rejects.toMatchObject({
    code: 'install-script-failed',
  });
});

test("the address is put together from the package's own record", async () => {
  const { tfjsNode } = await openPackage('', 200);
  expect(addonAddress(tfjsNode, 'linux')).toMatch(
    /\/builds\/napi-v8\/4\.22\.0\/CPU-linux-4\.22\.0\.tar\.gz$/u,
  );
});

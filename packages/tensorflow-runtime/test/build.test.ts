import { chmod, mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { buildAddon, linkFlags } from '../src/build.ts';
import { fakePlatform, createTfjsNode } from './support/fake-workshop.ts';
import { temporaryFolder } from './support/folder.ts';

const archive = join(import.meta.dirname, 'support', 'from-python.zip');

/** A bench with a compiler that is this shell script; the libraries are two files of the archive. */
async function openBench(script: string, libraries: [string, string] = ['a.txt', 'a.txt']) {
  const folder = await temporaryFolder();
  await createTfjsNode(folder);
  const compiler = join(folder, 'compiler');
  await writeFile(compiler, `#!/bin/sh\n${script}\n`);
  await chmod(compiler, 0o755);
  const workDirectory = join(folder, 'work');
  await mkdir(workDirectory);
  const directory = join(folder, 'tfjs-node');
  const wheel = fakePlatform.wheel;
  if (wheel === undefined) throw new Error('The fake platform has a wheel.');
  return {
    tfjsNode: { directory, version: '4.22.0', addonPath: '' },
    wheel: { ...wheel, libraries },
    wheelFile: archive,
    compiler,
    workDirectory,
  };
}

const logging = `echo "$@" >> "$(dirname "$0")/calls"
for last in "$@"; do :; done
echo made > "$last"`;

test('the sources are compiled, and linked against the unpacked libraries with a relative path to them', async () => {
  const bench = await openBench(logging);
  await buildAddon(bench);
  const calls = (await readFile(join(bench.compiler, '..', 'calls'), 'utf8')).trim().split('\n');
  expect(calls).toHaveLength(3);
  expect(calls[0]).toMatch(
    /^-std=c\+\+17 .*-DNAPI_VERSION=8 .*node-api-headers\/include .*-c .*addon\.cc -o .*addon\.cc\.o$/u,
  );
  expect(calls[1]).toMatch(/stderr\.cc -o .*lib\/napi-v8\/paceline_stderr\.node$/u);
  expect(calls[2]).toContain(linkFlags(process.platform).join(' '));
  expect(await readFile(join(bench.workDirectory, 'deps/lib/a.txt'), 'utf8')).toBe('stored\n');
  expect(await readFile(join(bench.workDirectory, 'lib/napi-v8/tfjs_binding.node'), 'utf8')).toBe(
    'made\n',
  );
});

test('where the faster linker is missing the usual one is taken', async () => {
  const bench = await openBench(
    `case "$1" in -fuse-ld=gold) echo "cannot find ld" >&2; exit 1;; esac\n${logging}`,
  );
  await buildAddon(bench);
  expect(await readFile(join(bench.workDirectory, 'lib/napi-v8/tfjs_binding.node'), 'utf8')).toBe(
    'made\n',
  );
});

test("a compile error is told with the compiler's last lines", async () => {
  const bench = await openBench('echo "addon.cc:7:1: error: expected ;" >&2; exit 1');
  await expect(buildAddon(bench)).rejects.toMatchObject({
    code: 'compile-failed',
    output: 'addon.cc:7:1: error: expected ;',
    message: expect.stringContaining('could not compile addon.cc') as string,
  });
});

test("a compiler that has no room says so in the disk's words", async () => {
  const bench = await openBench('echo "fatal error: No space left on device" >&2; exit 1');
  await expect(buildAddon(bench)).rejects.toMatchObject({ code: 'disk-full' });
});

test('a wheel without the libraries is refused', async () => {
  const bench = await openBench(logging, ['a.txt', 'libmissing.so']);
  await expect(buildAddon(bench)).rejects.toThrow(/it holds no tensorflow\/libmissing\.so/u);
});

test('the addon looks for the libraries relative to itself on both systems', () => {
  expect(linkFlags('linux')).toContain('-Wl,-rpath,$ORIGIN/../../deps/lib');
  expect(linkFlags('darwin')).toContain('-Wl,-rpath,@loader_path/../../deps/lib');
});

import { existsSync } from 'node:fs';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test, vi } from 'vitest';
import { downloadWheel, explainPip } from '../src/download.ts';
import { wheels, type Wheel } from '../src/platform.ts';
import { temporaryFolder } from './support/folder.ts';

const pip = {
  program: process.execPath,
  args: [join(import.meta.dirname, 'support', 'fake-pip.ts')],
};
const wheel: Wheel = {
  package: 'some',
  version: '1.0',
  tag: 'manylinux_2_27_x86_64',
  // sha256 of "abc", FIPS 180-2 appendix B.1.
  sha256: 'ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad',
  bytes: 3,
  libraries: ['one', 'two'],
  libraryBytes: 2,
};

test('pip is asked for this wheel of this platform with this hash, whatever Python runs it', async () => {
  const workDirectory = await temporaryFolder();
  vi.stubEnv('FAKE_PIP_CONTENT', 'abc');
  const file = await downloadWheel(wheel, { pip, workDirectory });
  expect(await readFile(file, 'utf8')).toBe('abc');
  expect(await readFile(join(workDirectory, 'asked-for.txt'), 'utf8')).toBe(
    `some==1.0 --hash=sha256:${wheel.sha256}\n`,
  );
  const args = JSON.parse(
    await readFile(join(workDirectory, 'arguments.json'), 'utf8'),
  ) as string[];
  expect(args.join(' ')).toContain('--platform manylinux_2_27_x86_64 --require-hashes');
});

test('other bytes under the right name are thrown away', async () => {
  const workDirectory = await temporaryFolder();
  vi.stubEnv('FAKE_PIP_CONTENT', 'abd');
  await expect(downloadWheel(wheel, { pip, workDirectory })).rejects.toMatchObject({
    code: 'checksum',
    expected: wheel.sha256,
    actual: 'a52d159f262b2c6ddb724a61840befc36eb30c88877a4030b65cbe86298449c9',
  });
  expect(await readdir(join(workDirectory, 'wheel'))).toEqual([]);
});

test('an interrupted download ends pip', async () => {
  const workDirectory = await temporaryFolder();
  const download = downloadWheel(wheel, { pip, workDirectory, signal: AbortSignal.abort() });
  await expect(download).rejects.toMatchObject({ code: 'interrupted' });
  expect(existsSync(join(workDirectory, 'arguments.json'))).toBe(false);
});

const pipWords: readonly (readonly [string, string, string])[] = [
  [
    'no network',
    "WARNING: Retrying after connection broken by 'NewConnectionError: [Errno 111]'\nERROR: No matching distribution found",
    'network',
  ],
  ['no name service', 'Temporary failure in name resolution', 'network'],
  [
    'a certificate that is not trusted',
    'HTTPSConnectionPool: SSLError(CERTIFICATE_VERIFY_FAILED)',
    'network',
  ],
  [
    'an index without the version',
    'ERROR: No matching distribution found for some==1.0',
    'download-failed',
  ],
  [
    'a full disk',
    'ERROR: Could not install packages due to an OSError: [Errno 28] No space left on device',
    'disk-full',
  ],
  [
    'other bytes',
    'ERROR: THESE PACKAGES DO NOT MATCH THE HASHES\n  Expected sha256 aa\n       Got        ' +
      'b'.repeat(64),
    'checksum',
  ],
];
test.each(pipWords)("of pip's words, %s is told apart", (_what, output, code) => {
  const error = explainPip(
    wheel,
    { output, problem: 'none' },
    { stalled: false, directory: '/cache' },
  );
  expect(error.code).toBe(code);
});

test('a download that stopped moving is a network error', () => {
  const error = explainPip(
    wheel,
    { output: '', problem: 'aborted' },
    { stalled: true, directory: '/cache' },
  );
  expect(error.message).toMatch(/nothing arrived for 60 seconds/u);
});

test('every platform has its pinned wheel', () => {
  expect(Object.keys(wheels)).toEqual(['linux-x64', 'linux-arm64', 'darwin-arm64']);
  for (const { sha256 } of Object.values(wheels)) expect(sha256).toMatch(/^[0-9a-f]{64}$/u);
});

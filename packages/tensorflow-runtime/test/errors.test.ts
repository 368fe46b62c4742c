import { expect, test } from 'vitest';
import * as errors from '../src/errors.ts';

const table: readonly (readonly [errors.TensorFlowRuntimeError, string, string, RegExp])[] = [
  [
    new errors.UnsupportedPlatformError('linux-x64-musl'),
    'platform-unsupported',
    'find',
    /linux-x64-musl.*WebAssembly/u,
  ],
  [
    new errors.TfjsNodeAbsentError('npm left it out'),
    'tfjs-node-absent',
    'bring',
    /npm left it out.*paceline setup/u,
  ],
  [
    new errors.AddonAbsentError('There is no pip.'),
    'addon-absent',
    'load',
    /There is no pip\. Run `paceline setup`\.$/u,
  ],
  [
    new errors.AddonBrokenError('it crashed'),
    'addon-broken',
    'verify',
    /it crashed.*PACELINE_CACHE/u,
  ],
  [
    new errors.ToolAbsentError('pip-absent', ['pip3']),
    'pip-absent',
    'find',
    /no pip.*tried: pip3.*python3-pip/u,
  ],
  [
    new errors.ToolAbsentError('compiler-absent', ['g++']),
    'compiler-absent',
    'find',
    /no C\+\+ compiler.*apt install g\+\+/u,
  ],
  [
    new errors.ToolAbsentError('tools-absent', ['pip']),
    'tools-absent',
    'find',
    /no pip.*no C\+\+ compiler.*both/u,
  ],
  [
    new errors.NetworkError('tensorflow 2', 'timed out'),
    'network',
    'download',
    /did not answer:\n {2}timed out\nCheck the network/u,
  ],
  [
    new errors.DownloadError('tensorflow 2', 'no such version'),
    'download-failed',
    'download',
    /no such version/u,
  ],
  [
    new errors.ChecksumError('tensorflow 2', 'aa', 'bb'),
    'checksum',
    'download',
    /SHA-256 bb \(expected aa\)/u,
  ],
  [
    new errors.DiskFullError('/c', { neededBytes: 2e6, freeBytes: 1e6 }),
    'disk-full',
    'cache',
    /2 MB needed, 1 MB free.*PACELINE_CACHE/u,
  ],
  [
    new errors.UnwritableError('cache', '/c'),
    'cache-unwritable',
    'cache',
    /\/c cannot be written.*PACELINE_CACHE/u,
  ],
  [
    new errors.UnwritableError('link', '/n'),
    'node-modules-unwritable',
    'link',
    /\/n cannot be written.*permission/u,
  ],
  [
    new errors.UnpackError('a.whl', 'it was cut off'),
    'unpack-failed',
    'unpack',
    /a\.whl.*it was cut off/u,
  ],
  [
    new errors.CompileError('g++', 'compile a.cc', 'a.cc:1: error'),
    'compile-failed',
    'build',
    /could not compile a\.cc:\n {2}a\.cc:1: error\n.*C\+\+17/u,
  ],
  [
    new errors.InstallScriptError('HTTP status 403'),
    'install-script-failed',
    'install-script',
    /HTTP status 403/u,
  ],
  [new errors.MainThreadOnlyError(), 'main-thread-only', 'load', /worker thread/u],
  [
    new errors.ThreadsFixedError('2', '1'),
    'threads-fixed',
    'load',
    /with 1 threads and cannot change to 2/u,
  ],
  [new errors.InterruptedError('build'), 'interrupted', 'build', /interrupted.*paceline setup/u],
];

test.each(table)('%s', (error, code, step, message) => {
  expect(error.code).toBe(code);
  expect(error.step).toBe(step);
  expect(error.message).toMatch(message);
  expect(error.message).toMatch(/[^.]\.$/u);
  expect(error.name).toBe(error.constructor.name);
});

test('every error class is in the table', () => {
  const classes = Object.keys(errors).filter((name) => name !== 'TensorFlowRuntimeError');
  expect(new Set(table.map(([error]) => error.name))).toEqual(new Set(classes));
});

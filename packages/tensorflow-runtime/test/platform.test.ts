import { expect, test } from 'vitest';
import { currentPlatform, describePlatform, wheels } from '../src/platform.ts';

test('each platform has its own wheel: without CUDA on x64, the plain package elsewhere', () => {
  expect(describePlatform('linux', 'x64', false).wheel?.package).toBe('tensorflow-cpu');
  expect(describePlatform('linux', 'arm64', false).wheel).toBe(wheels['linux-arm64']);
  expect(describePlatform('darwin', 'arm64', false).wheel?.libraries[0]).toBe(
    'libtensorflow_cc.2.dylib',
  );
});

test('there is no wheel for musl, Windows or macOS on x64', () => {
  expect(describePlatform('linux', 'x64', true)).toEqual({
    name: 'linux-x64-musl',
    wheel: undefined,
    hasPrebuiltAddon: false,
  });
  expect(describePlatform('win32', 'x64', false).wheel).toBeUndefined();
  expect(describePlatform('darwin', 'x64', false).wheel).toBeUndefined();
});

test("a ready addon exists for x64 only: the authors' file name does not tell the processor", () => {
  expect(describePlatform('linux', 'x64', false).hasPrebuiltAddon).toBe(true);
  expect(describePlatform('linux', 'arm64', false).hasPrebuiltAddon).toBe(false);
  expect(describePlatform('darwin', 'arm64', false).hasPrebuiltAddon).toBe(false);
});

test('this machine is one of them', () => {
  expect(currentPlatform().name).toContain(`${process.platform}-${process.arch}`);
});

import { expect, test } from 'vitest';
import { isWork, planNextStep, type Found } from '../src/plan.ts';

const bare: Found = {
  tfjsNode: true,
  addon: 'absent',
  cached: false,
  linked: false,
  prebuilt: 'none',
  wheelExists: true,
  wheelDownloaded: false,
  tools: { pip: true, compiler: true },
};
const next = (changes: Partial<Found>) => planNextStep({ ...bare, ...changes });

test('without tfjs-node, it is brought first', () => {
  expect(next({ tfjsNode: false, cached: true })).toEqual({ do: 'bring-tfjs-node' });
});

test('an addon that computed the known gradient ends the plan, whatever else there is', () => {
  expect(next({ addon: 'verified', tools: undefined })).toEqual({ do: 'done' });
});

test('an addon that was never tried is tried before anything is made', () => {
  expect(next({ addon: 'unverified', cached: true })).toEqual({ do: 'verify' });
});

test('what the cache has is linked when the addon is absent or broken', () => {
  expect(next({ cached: true, prebuilt: 'untried' })).toEqual({ do: 'link' });
  expect(next({ cached: true, addon: 'broken' })).toEqual({ do: 'link' });
});

test('a broken addon that is the cached one is made anew instead of being linked for ever', () => {
  expect(next({ cached: true, addon: 'broken', linked: true })).toEqual({ do: 'forget-entry' });
});

test('the install script comes before the build, and once', () => {
  expect(next({ prebuilt: 'untried', tools: undefined })).toEqual({ do: 'try-install-script' });
  expect(next({ prebuilt: 'failed', tools: undefined })).toEqual({ do: 'find-tools' });
});

test('both tools are looked for before the wheel is downloaded', () => {
  expect(next({ tools: undefined })).toEqual({ do: 'find-tools' });
  expect(next({})).toEqual({ do: 'download' });
  expect(next({ wheelDownloaded: true })).toEqual({ do: 'build' });
});

test('a missing tool ends the plan with the code that names it', () => {
  expect(next({ tools: { pip: false, compiler: true } })).toEqual({
    do: 'fail',
    code: 'pip-absent',
  });
  expect(next({ tools: { pip: true, compiler: false } })).toEqual({
    do: 'fail',
    code: 'compiler-absent',
  });
  expect(next({ tools: { pip: false, compiler: false } })).toEqual({
    do: 'fail',
    code: 'tools-absent',
  });
});

test('with the wheel there already, pip is not needed', () => {
  expect(next({ wheelDownloaded: true, tools: { pip: false, compiler: true } })).toEqual({
    do: 'build',
  });
});

test('a platform without a wheel fails before tools are looked for, but not before its install script', () => {
  expect(next({ wheelExists: false, tools: undefined })).toEqual({
    do: 'fail',
    code: 'platform-unsupported',
  });
  expect(next({ wheelExists: false, prebuilt: 'untried' })).toEqual({ do: 'try-install-script' });
});

test('linking and verifying need no lock, making does', () => {
  expect(isWork({ do: 'link' })).toBe(false);
  expect(isWork({ do: 'verify' })).toBe(false);
  expect(isWork({ do: 'build' })).toBe(true);
  expect(isWork({ do: 'download' })).toBe(true);
});

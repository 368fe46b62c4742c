import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { packageRules } from '../architecture/table.ts';
import { readManifest, root } from '../architecture/workspace.ts';
import { allowedLicences, licenceExceptions } from './exceptions.ts';
import { isAllowed, judgeLicences } from './licences.ts';
import { type LockedPackage, readLockfile } from './lockfile.ts';

const locked = readLockfile();
const production = locked.filter(({ isForDevelopment }) => !isForDevelopment);

test('every package that users install has a licence of the list, or an exception with a reason', () => {
  expect(production.map(({ name }) => name)).toContain('ws');
  expect(judgeLicences(production, allowedLicences, licenceExceptions)).toEqual([]);
});

test('what the lock file says of licences is what the installed packages say', () => {
  const wrong = production.filter(({ name, licence, version }) => {
    const path = join(root, 'node_modules', name, 'package.json');
    if (!existsSync(path)) return false; // for another platform
    const manifest = JSON.parse(readFileSync(path, 'utf8')) as Record<string, unknown>;
    return manifest['version'] === version && (manifest['license'] ?? null) !== licence;
  });
  expect(wrong).toEqual([]);
});

test('every package in the lock file has a hash: npm ci installs nothing else under its name', () => {
  expect(locked.filter(({ isHashed }) => !isHashed)).toEqual([]);
});

describe.each(packageRules)('$name', ({ folder }) => {
  test('is under Apache-2.0, and has the text of it beside its manifest, where npm takes it from', () => {
    expect(readManifest(folder).license).toBe('Apache-2.0');
    const text = readFileSync(join(root, folder, 'LICENSE'), 'utf8');
    expect(text).toBe(readFileSync(join(root, 'LICENSE'), 'utf8'));
  });
});

describe('an expression of licences', () => {
  test.each([
    ['MIT', true],
    ['GPL-3.0-only', false],
    ['(MIT OR GPL-3.0-only)', true],
    ['(BSD-3-Clause AND Apache-2.0)', true],
    ['MIT AND GPL-3.0-only', false],
    ['GPL-2.0 OR (MIT AND Apache-2.0)', true],
    ['MIT OR GPL-2.0 AND GPL-3.0', true],
    ['Apache-2.0 WITH LLVM-exception', false],
    ['SEE LICENSE IN FILE', false],
    ['(MIT', false],
    ['', false],
  ])('%j is allowed: %j', (expression, expected) => {
    expect(isAllowed(expression, ['MIT', 'Apache-2.0', 'BSD-3-Clause'])).toBe(expected);
  });
});

describe('licences are judged', () => {
  const one: LockedPackage = {
    ...{ name: 'left', version: '1.0.0', licence: null },
    ...{ isHashed: true, isForDevelopment: false },
  };
  const exception = { package: 'left', licence: null, reason: 'r' };

  test('as failed where one is missing, unless an exception says so', () => {
    expect(judgeLicences([one], ['MIT'], [])).toEqual(['left@1.0.0: no licence']);
    expect(judgeLicences([one], ['MIT'], [exception])).toEqual([]);
  });

  test('as failed where a package with an exception changes its licence', () => {
    expect(judgeLicences([{ ...one, licence: 'GPL-3.0-only' }], ['MIT'], [exception])).toEqual([
      'left@1.0.0: GPL-3.0-only',
      'the exception for left is not needed: remove it',
    ]);
  });
});

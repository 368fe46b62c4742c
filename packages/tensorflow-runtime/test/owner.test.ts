import { spawnSync } from 'node:child_process';
import { expect, test } from 'vitest';
import { ownerLiveness, thisOwner } from '../src/owner.ts';

test('this process is alive', () => {
  expect(ownerLiveness(thisOwner())).toBe('alive');
});

test('a process that ended is dead', () => {
  const { pid } = spawnSync(process.execPath, ['--version']);
  expect(ownerLiveness({ ...thisOwner(), pid })).toBe('dead');
});

test('another process under the number of one that ended is not taken for it', () => {
  const { started } = thisOwner();
  expect(started).not.toBe('');
  expect(ownerLiveness({ ...thisOwner(), started: `${started}0` })).toBe('dead');
});

test('of a process on another machine nothing is known', () => {
  expect(ownerLiveness({ ...thisOwner(), host: '00000000' })).toBe('unknown');
});

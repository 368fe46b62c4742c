import { expect, test } from 'vitest';
import { explainDiskError } from '../../src/checkpoint/disk-errors.ts';

const errorOf = (code: string) => Object.assign(new Error(`${code}: no luck`), { code });

test.each([
  ['ENOSPC', '/c: the disk is full; make room, or keep fewer checkpoints'],
  ['EROFS', '/c: the disk is mounted read-only; give a folder that can be written'],
  ['EACCES', '/c: this user has no permission; give a folder that this user may read and write'],
  ['EWHATEVER', '/c: EWHATEVER: no luck'],
])('%s in words', (code, words) => {
  expect(explainDiskError(errorOf(code), '/c')).toBe(words);
});

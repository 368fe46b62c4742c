import { readdirSync } from 'node:fs';
import { expect, test } from 'vitest';
import { takeTerm } from '../../src/checkpoint/term.ts';
import { openTestFolder } from '../support/folder.ts';

test('each term is greater than all before, and than the least', () => {
  using folder = openTestFolder();
  expect([0, 0, 6, 0].map((least) => takeTerm(folder.path, least).term)).toEqual([1, 2, 7, 8]);
  expect(readdirSync(folder.path)).toEqual(['term-8']);
});

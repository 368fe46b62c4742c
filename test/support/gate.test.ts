import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { expect, test } from 'vitest';

const script = join(import.meta.dirname, '../run.js');

test('the gate ends with one line that counts everything', () => {
  const { stdout } = spawnSync(process.execPath, [script, 'cycles'], { encoding: 'utf8' });
  const lines = stdout.trimEnd().split('\n');
  expect(lines[0]).toMatch(/^cycles +(ok|FAIL) +[\d.]+ s/);
  expect(lines.at(-1)).toMatch(/^\d+ passed, \d+ failed, \d+ skipped$/);
});

test('a gate that does not exist is refused, with the names of those that do', () => {
  const { status, stderr } = spawnSync(process.execPath, [script, 'lnt'], { encoding: 'utf8' });
  expect(status).toBe(2);
  expect(stderr).toMatch(/^no gate "lnt"; there are: format, lint, types, /);
});

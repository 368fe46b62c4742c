import { execFile } from 'node:child_process';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Tally } from './tally.ts';

const config = join(import.meta.dirname, 'fixtures/vitest.config.ts');
let folder: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'paceline-tally-'));
});

afterAll(async () => {
  await rm(folder, { recursive: true });
});

/** Runs the fixtures whose name contains `filter`: what was counted, whether vitest was content, what it said. */
const runFixtures = async (filter: string, ci: string) => {
  const file = join(folder, `${filter}-${ci}.json`);
  const ended = promisify(execFile)('vitest', ['run', '--config', config, filter], {
    env: { ...process.env, CI: ci, PACELINE_TALLY: file },
    timeout: 30_000,
  });
  const { ok, stderr } = await ended.then(
    (outcome) => ({ ok: true, stderr: outcome.stderr }),
    (error: unknown) => ({ ok: false, stderr: String((error as { stderr?: string }).stderr) }),
  );
  return { ok, stderr, tally: JSON.parse(await readFile(file, 'utf8')) as Tally };
};

describe('a test that needs what the machine lacks', () => {
  test('is skipped with its reason', async () => {
    const { ok, tally } = await runFixtures('outcomes', 'false');
    expect(tally).toEqual({
      ...{ passed: 2, failed: 0, skipped: 1 },
      skips: ['lacks the moon: needs the moon'],
      notes: [],
    });
    expect(ok).toBe(true);
  });

  test('fails in CI', async () => {
    const { ok, tally } = await runFixtures('outcomes', 'true');
    expect(tally).toEqual({ passed: 2, failed: 1, skipped: 0, skips: [], notes: [] });
    expect(ok).toBe(false);
  });
});

test('a test that prints fails the run, and its words are repeated', async () => {
  const { ok, stderr, tally } = await runFixtures('printing', 'false');
  expect(tally).toEqual({ passed: 1, failed: 1, skipped: 0, skips: [], notes: [] });
  expect(ok).toBe(false);
  expect(stderr).toContain('look at me');
});

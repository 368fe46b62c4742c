import { Command } from 'commander';
import { afterEach, describe, expect, it, vi } from 'vitest';

import { addFlags, variableOf, withEnvironment } from '../../src/programs/add-flags.ts';
import { flags } from '../../src/programs/flags.ts';

afterEach(() => {
  vi.unstubAllEnvs();
});

const list = withEnvironment([
  flags.workers,
  flags.holdAt,
  flags.set,
  flags.json,
  flags.resume,
  flags.logLevel,
]);

/** The values of the flags, with these variables and these words. */
function values(env: Readonly<Record<string, string>>, ...args: readonly string[]): object {
  for (const [name, value] of Object.entries(env)) vi.stubEnv(name, value);
  const command = addFlags(new Command('work').exitOverride(), list);
  return command
    .configureOutput({ writeErr: () => undefined })
    .parse(args, { from: 'user' })
    .opts();
}

describe('a variable', () => {
  it('is named after its flag', () => {
    expect(variableOf({ flags: '--tls-client-ca <FILE>' })).toBe('PACELINE_TLS_CLIENT_CA');
  });

  it('gives the value where nothing is typed', () => {
    expect(values({ PACELINE_WORKERS: '7' })).toMatchObject({ workers: 7 });
    expect(values({ PACELINE_WORKERS: '7' }, '--workers=3')).toMatchObject({ workers: 3 });
    expect(() => values({ PACELINE_WORKERS: 'many' })).toThrow(/PACELINE_WORKERS.*whole number/);
  });

  it('has one value a line for a flag that may be repeated', () => {
    const env = { PACELINE_HOLD_AT: '5\n9\n', PACELINE_SET: 'a.b=1 2\nc=x;y' };
    expect(values(env)).toMatchObject({ holdAt: [5, 9], set: ['a.b=1 2', 'c=x;y'] });
    expect(values(env, '--hold-at=1', '--hold-at=2')).toMatchObject({ holdAt: [1, 2] });
  });

  it.each([
    ['1', true],
    ['true', true],
    ['false', undefined],
    ['0', undefined],
    ['', undefined],
  ])('%j of a switch means %s', (text, json) => {
    expect(values({ PACELINE_JSON: text })).toHaveProperty('logLevel', 'info');
    expect((values({ PACELINE_JSON: text }) as { json?: boolean }).json).toBe(json);
  });

  it('that is empty is not set', () => {
    expect(values({ PACELINE_WORKERS: '', PACELINE_LOG_LEVEL: '' })).toMatchObject({
      workers: 2,
      logLevel: 'info',
    });
  });

  it('can say --resume without a folder', () => {
    expect(values({ PACELINE_RESUME: 'true' })).toMatchObject({ resume: true });
    expect(values({ PACELINE_RESUME: 'runs/a' })).toMatchObject({ resume: 'runs/a' });
  });
});

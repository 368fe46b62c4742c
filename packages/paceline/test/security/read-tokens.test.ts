import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { afterEach, beforeEach, describe, expect, it } from 'vitest';

import { readOwnToken, readTokens } from '../../src/security/read-tokens.ts';

const secret = '0123456789abcdef';
let folder: string;
let tokenFile: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'paceline-token-'));
  tokenFile = join(folder, 'run.token');
  writeFileSync(tokenFile, `worker: ${secret}\n`, { mode: 0o600 });
});
afterEach(() => {
  rmSync(folder, { recursive: true });
});

describe('tokens', () => {
  it('come from the file, else from PACELINE_TOKEN, else there are none', () => {
    const env = { PACELINE_TOKEN: 'f'.repeat(20) };
    expect(readTokens({ tokenFile, env })).toEqual([{ secret, roles: ['worker'] }]);
    expect(readTokens({ env })).toMatchObject([{ secret: 'f'.repeat(20) }]);
    expect(readTokens({ env: { PACELINE_TOKEN: '' } })).toEqual([]);
    expect(readTokens({ env: {} })).toEqual([]);
  });

  it('in a file that every user can read bring a warning with what to do', () => {
    const warnings: string[] = [];
    const onWarning = (text: string): void => void warnings.push(text);
    for (const mode of [0o600, 0o640, 0o644]) {
      chmodSync(tokenFile, mode);
      readTokens({ tokenFile, env: {}, onWarning });
    }
    expect(warnings).toEqual([
      `every user of this machine can read ${tokenFile}: chmod 600 ${tokenFile}`,
    ]);
  });

  it('of a file that is not there are an error that names it', () => {
    expect(() => readTokens({ tokenFile: join(folder, 'none'), env: {} })).toThrow(
      /^The token file cannot be read: ENOENT.*none/,
    );
  });
});

describe('the token of a client', () => {
  it('is that of its role', () => {
    expect(readOwnToken('worker', { tokenFile, env: {} })).toBe(secret);
    expect(readOwnToken('worker', { env: {} })).toBeUndefined();
  });

  it('is missed where there are only others, in words without any of them', () => {
    expect(() => readOwnToken('control', { tokenFile, env: {} })).toThrow(
      `${tokenFile} has no token for control, only for worker.`,
    );
  });
});

import { existsSync, mkdirSync, mkdtempSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { describe, expect, it } from 'vitest';

import { openPrivateDirectory } from '../src/private-directory.ts';

describe('the private folder of a run', () => {
  it('is for its owner only, and is gone after remove', () => {
    const directory = openPrivateDirectory();
    expect(statSync(directory.path).mode & 0o777).toBe(0o700);
    directory.remove();
    expect(existsSync(directory.path)).toBe(false);
    directory.remove();
  });

  it('goes to /tmp when the usual place makes the path of a socket too long', () => {
    const base = mkdtempSync(join(tmpdir(), 'long-'));
    const long = join(base, 'x'.repeat(120));
    mkdirSync(long);
    const directory = openPrivateDirectory(long);
    expect(directory.path.startsWith('/tmp/paceline-')).toBe(true);
    expect(Buffer.byteLength(directory.socketPath)).toBeLessThan(104);
    directory.remove();
    rmSync(base, { recursive: true });
  });

  it('goes to /tmp when the usual place does not exist', () => {
    const directory = openPrivateDirectory('/no/such/folder');
    expect(directory.path.startsWith('/tmp/')).toBe(true);
    directory.remove();
  });
});

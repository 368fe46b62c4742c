import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { openHealthFile } from '../../src/communication/health-file.ts';

test("a worker's word holds for ten seconds, and each replaces the one before", () => {
  const folder = mkdtempSync(join(tmpdir(), 'pl-health-'));
  try {
    const file = join(folder, 'health');
    const sayWell = openHealthFile(file);
    expect(readFileSync(file, 'utf8')).toBe('');
    sayWell(1_700_000_000_000.4);
    sayWell(1_700_000_001_000);
    expect(readFileSync(file, 'utf8')).toBe('1700000011000');
  } finally {
    rmSync(folder, { recursive: true });
  }
});

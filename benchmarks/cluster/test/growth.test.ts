import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { expect, test } from 'vitest';

import type { GrowthRow } from '../growth/growth-rows.ts';

const program = fileURLToPath(new URL('../growth.ts', import.meta.url));

/**
 * A node over plain TCP, before its payload, while term, step, level, index and bucket are below 128: the array and the
 * code 2 bytes, the map 1, then term, step, level, index, bucket (name and value: 6, 6, 7, 7, 8), dtype 10, length 7 and
 * its number, crc 9, and 5 for the length of the payload.
 */
const prefixBytes = (lengthBytes: number): number =>
  2 + 1 + (6 + 6 + 7 + 7 + 8) + 10 + (7 + lengthBytes) + 9 + 5;

test('each worker sends its scalars and its parameters once a step, and gets the parameters once', async () => {
  const args = ['--workers=4', '--parameters=1000', '--rounds=2', '--gradients=40', '--json'];
  const command = ['--conditions=paceline-source', program, ...args];
  const { stdout } = await promisify(execFile)(process.execPath, command, { timeout: 15_000 });
  const { rows } = JSON.parse(stdout) as { readonly rows: readonly GrowthRow[] };
  expect(rows).toHaveLength(1);
  // 2 scalars (a length of one byte), and 1000 parameters (of three).
  const scalars = prefixBytes(1) + 2 * 4;
  const parameters = prefixBytes(3) + 1000 * 4;
  expect(rows[0]?.receivedSumBytesPerStep).toBe(4 * (scalars + parameters));
  // Down: array, code and map 3, version 9, bucket 8, dtype 10, length 10, crc 9, payload 5 + 4000; and what is said once
  // a block (a lease, a pause), which is less than 100 bytes a worker.
  const down = 3 + 9 + 8 + 10 + 10 + 9 + 5 + 1000 * 4;
  expect(rows[0]?.sentBytesPerStep).toBeGreaterThanOrEqual(4 * down);
  expect(rows[0]?.sentBytesPerStep).toBeLessThan(4 * (down + 100));
});

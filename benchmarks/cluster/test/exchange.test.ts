import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { expect, test } from 'vitest';

import type { ExchangeResult } from '../exchange/exchange-lines.ts';

const program = fileURLToPath(new URL('../exchange.ts', import.meta.url));

test('two workers exchange with a server as the launcher starts them; a peer that is not there is named', async () => {
  const args = ['--parameters=1000', '--rounds=1', '--steps=20', '--json'];
  const command = ['--conditions=paceline-source', program, ...args];
  const env = { ...process.env, PACELINE_BENCH_PYTHON: 'no-such-python' };
  const { stdout, stderr } = await promisify(execFile)(process.execPath, command, {
    env,
    timeout: 15_000,
  });
  const { rows, ratio } = JSON.parse(stdout) as ExchangeResult;
  expect(rows.map(({ name }) => name)).toEqual(['paceline']);
  expect(Object.keys(rows[0]?.cpuMsPerStep ?? {}).sort()).toEqual(['server', 'w1', 'w2']);
  expect(rows[0]?.msPerStep.median).toBeGreaterThan(0);
  expect(ratio).toBeUndefined();
  expect(stderr).toContain('gloo all-reduce: no-such-python cannot import torch');
});

import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { once } from 'node:events';

import { afterAll, expect, test } from 'vitest';

import { askWhetherWell } from '../../src/health/ask.ts';

const folder = mkdtempSync(join(tmpdir(), 'pl-health-'));
afterAll(() => {
  rmSync(folder, { recursive: true });
});

function fileWith(text: string): string {
  const file = join(folder, 'health');
  writeFileSync(file, text);
  return file;
}

test('a process that said nothing yet is not well', async () => {
  const file = join(folder, 'absent');
  expect(await askWhetherWell(file)).toBe(`there is no ${file} yet`);
});

test('a worker is well until the moment that it named', async () => {
  const file = fileWith('1700000000000');
  expect(await askWhetherWell(file, 1_700_000_000_000)).toBeUndefined();
  expect(await askWhetherWell(file, 1_700_000_000_250)).toBe(
    'the worker should have been heard 250 ms ago',
  );
});

test.each([
  ['TCP', { port: 0, host: '127.0.0.1' }],
  ['a Unix socket', { path: join(folder, 's') }],
])('a server is asked over %s', async (_, place) => {
  let code = 200;
  await using server = createServer(({ url }, response) => {
    response.writeHead(url === '/healthz' ? code : 404).end();
  }).listen(place);
  await once(server, 'listening');
  const address = server.address() as AddressInfo | string;
  const url =
    typeof address === 'string' ? `ws+unix://${address}:/` : `ws://0.0.0.0:${address.port}`;
  const file = fileWith(url);
  expect(await askWhetherWell(file)).toBeUndefined();
  code = 503;
  expect(await askWhetherWell(file)).toBe(`${url} answers 503 to /healthz`);
});

test('a server that is not there is named', async () => {
  const file = fileWith(`ws+unix://${join(folder, 'nobody')}:/`);
  expect(await askWhetherWell(file)).toMatch(/cannot be asked: connect ENOENT/);
});

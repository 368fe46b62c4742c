import { mkdtempSync, rmSync } from 'node:fs';
import { createServer } from 'node:http';
import type { Server } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { afterEach, beforeEach, describe, expect, it } from 'vitest';

import { askServer } from '../../src/control/request.ts';

let directory: string;
let server: Server;
let address: string;
beforeEach(async () => {
  directory = mkdtempSync(join(tmpdir(), 'paceline-http-'));
  const path = join(directory, 's.sock');
  address = `ws+unix://${path}:/`;
  server = createServer((request, response) => {
    const found = request.url === '/status.json';
    response.writeHead(found ? 200 : 404);
    response.end(found ? `{"method":"${request.method ?? ''}"}` : '{"error":"there is nothing"}');
  });
  await new Promise<void>((resolve) => server.listen(path, resolve));
});
afterEach(async () => {
  await new Promise((resolve) => server.close(resolve));
  rmSync(directory, { recursive: true });
});

describe('asking a server', () => {
  it('works over its Unix socket', async () => {
    expect(await askServer(address, { method: 'GET', path: '/status.json' })).toEqual({ method: 'GET' });
    expect(await askServer(address, { method: 'POST', path: '/status.json' })).toEqual({ method: 'POST' });
  });

  it('passes on in words what the server refused', async () => {
    await expect(askServer(address, { method: 'POST', path: '/control/fly' })).rejects.toMatchObject({
      code: 'server-refused',
      message: expect.stringContaining('answered 404 to POST /control/fly: {"error"') as string,
    });
  });

  it('says when nobody is there', async () => {
    await expect(askServer(`unix:${directory}/none`, { method: 'GET', path: '/' })).rejects.toMatchObject({
      code: 'server-unreachable',
    });
  });
});

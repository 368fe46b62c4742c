import { mkdtempSync, rmSync } from 'node:fs';
import { createServer } from 'node:http';
import type { Server } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';

import { afterEach, beforeEach, describe, expect, it } from 'vitest';

import { askServer } from '../../src/control/request.ts';

const answers: Readonly<Record<string, readonly [number, string]>> = {
  '/control/resume': [409, '{"error":"the run is not holding"}'],
  '/control/fly': [404, 'nothing'],
  '/control/burn': [500, '{}'],
};

let directory: string;
let server: Server;
let address: string;
beforeEach(async () => {
  directory = mkdtempSync(join(tmpdir(), 'paceline-http-'));
  const path = join(directory, 's.sock');
  address = `ws+unix://${path}:/`;
  server = createServer((request, response) => {
    void text(request).then((body) => {
      const { method = '', url = '' } = request;
      const [code, answer] = answers[url] ?? [200, JSON.stringify({ method, body })];
      response.writeHead(code);
      response.end(answer);
    });
  });
  await new Promise<void>((resolve) => server.listen(path, resolve));
});
afterEach(async () => {
  await new Promise((resolve) => server.close(resolve));
  rmSync(directory, { recursive: true });
});

const status = { method: 'GET', path: '/status.json' } as const;

describe('asking a server', () => {
  it('works over its Unix socket', async () => {
    expect(await askServer(address, status)).toEqual({ method: 'GET', body: '' });
    const scale = { method: 'POST', path: '/control/scale', body: { workers: 3 } } as const;
    expect(await askServer(address, scale)).toEqual({ method: 'POST', body: '{"workers":3}' });
  });

  it("passes the server's sentence on when it refuses", async () => {
    const resume = askServer(address, { method: 'POST', path: '/control/resume' });
    await expect(resume).rejects.toMatchObject({
      code: 'server-refused',
      message: `The server at ${address} refused: the run is not holding`,
    });
  });

  it('shows the answer when there is no sentence in it', async () => {
    const message = (path: string): Promise<unknown> =>
      askServer(address, { method: 'POST', path }).catch((error: unknown) => error);
    expect(await message('/control/fly')).toMatchObject({
      code: 'server-refused',
      message: expect.stringContaining('answered 404 to POST /control/fly: nothing') as string,
    });
    expect(await message('/control/burn')).toMatchObject({ code: 'server-broken' });
  });

  it('says when nobody is there', async () => {
    await expect(askServer(`unix:${directory}/none`, status)).rejects.toMatchObject({
      code: 'server-unreachable',
    });
  });
});

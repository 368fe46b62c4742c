import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { expect, test } from 'vitest';
import type { HttpActions } from '../../src/http/requests.ts';
import { createRequestHandler } from '../../src/http/requests.ts';

test('an answer that cannot be made is a 500 with the error, and the server lives', async () => {
  const metrics = (): Promise<string> => Promise.reject(new Error('no such label'));
  const actions = { metrics, isReady: () => true } as unknown as HttpActions;
  const server = createServer(createRequestHandler(actions)).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  const ask = (path: string): Promise<Response> =>
    fetch(`http://127.0.0.1:${String(port)}${path}`, { headers: { connection: 'close' } });
  const broken = await ask('/metrics');
  expect([broken.status, await broken.json()]).toEqual([
    500,
    { error: expect.stringContaining('no such label') as string },
  ]);
  expect((await ask('/readyz')).status).toBe(200);
  server.close();
  await once(server, 'close');
});

import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseTokens } from '@paceline/protocol';
import type { RunEvent } from '@paceline/protocol';
import { systemClock } from '@paceline/telemetry';
import { createMemoryLogger } from '@paceline/telemetry/testing';
import { createWebSocketTransport, parseAdvertised } from '@paceline/transport';
import { afterEach, beforeEach, expect, test } from 'vitest';
import type { RunningServer, ServerOptions } from '../src/index.ts';
import { startServer } from '../src/index.ts';
import { toyDigest, toyJob, toyOracle } from './support/toy-run.ts';
import { startToyWorker } from './support/toy-worker.ts';

let folder: string;
let events: RunEvent[];
let logger: ReturnType<typeof createMemoryLogger>;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'paceline-listening-'));
  events = [];
  logger = createMemoryLogger();
});
afterEach(() => {
  rmSync(folder, { recursive: true });
});

const token = 'some-secret-5a1f0c';

function serve(
  options: Pick<ServerOptions, 'listen'> & Partial<ServerOptions>,
): Promise<RunningServer> {
  return startServer({
    ...{ job: toyJob(), source: { kind: 'file', name: 'toy' } as const },
    ...{ transport: createWebSocketTransport(), clock: systemClock(), logger },
    onEvent: (event) => events.push(event),
    tokens: parseTokens(token, 'F'),
    ...options,
  });
}

test('a server on two addresses takes workers from both, and tells of the first', async () => {
  const socket = `unix:${join(folder, 's.sock')}`;
  const listen = '127.0.0.1:0';
  await using server = await serve({ listen, alsoListen: [socket], minWorkers: 2 });
  expect(server.url).toMatch(/^ws:\/\/127\.0\.0\.1:\d+$/);
  const transport = createWebSocketTransport(systemClock(), { token });
  const workers = await Promise.all([
    startToyWorker(transport, server.url, { name: 'outside' }),
    startToyWorker(transport, `ws+unix://${join(folder, 's.sock')}:/`, { name: 'inside' }),
  ]);
  const { end } = await server.finished;
  expect(end.weightsSha256).toBe(toyDigest(toyOracle(toyJob().settings, 9)));
  for (const worker of workers) expect((await worker.closed).code).toBe(4008);
});

test('a server that cannot have its second address has none: the first is free again', async () => {
  await using other = await serve({ listen: '127.0.0.1:0' });
  const taken = new URL(other.url).host;
  const socket = `unix:${join(folder, 's.sock')}`;
  await expect(serve({ listen: socket, alsoListen: [taken] })).rejects.toMatchObject({
    code: 'address-in-use',
  });
  await using again = await serve({ listen: socket });
  expect(again.url).toBe(`ws+unix://${join(folder, 's.sock')}:/`);
});

test('every address that others reach needs a token', async () => {
  const both = { listen: '127.0.0.1:0', alsoListen: ['0.0.0.0:0'], tokens: [] };
  await expect(serve(both)).rejects.toMatchObject({ code: 'token-needed' });
});

test('what is advertised is in the events, and what it listens on beside it', async () => {
  const advertise = parseAdvertised('trainer.example');
  await using server = await serve({ listen: '0.0.0.0:0', advertise });
  expect(server.localUrl).toBe(server.url.replace('trainer.example', '127.0.0.1'));
  const { port } = new URL(server.url);
  expect(server.url).toBe(`ws://trainer.example:${port}`);
  expect(events[0]).toMatchObject({ url: server.url, address: `0.0.0.0:${port}` });
  await startToyWorker(
    createWebSocketTransport(systemClock(), { token }),
    `ws://127.0.0.1:${port}`,
    { name: 'w' },
  );
  await server.finished;
  expect(events.find(({ type }) => type === 'start')).toMatchObject({ url: server.url });
});

test('without it, a wildcard address is told as loopback, and the log says what to do', async () => {
  await using server = await serve({ listen: '0.0.0.0:0' });
  expect(server.url).toMatch(/^ws:\/\/127\.0\.0\.1:\d+$/);
  expect(logger.entries.map(({ message }) => message)).toContain(
    `listening on all addresses of this machine, known as ${server.url} to itself; what others call it, --advertise HOST[:PORT] says`,
  );
});

test('nothing can be advertised for a Unix socket, and then it is not left open', async () => {
  const listen = `unix:${join(folder, 's.sock')}`;
  const advertise = parseAdvertised('trainer');
  await expect(serve({ listen, advertise })).rejects.toMatchObject({ code: 'bad-address' });
  await using server = await serve({ listen });
  expect(server.url).toContain('s.sock');
});

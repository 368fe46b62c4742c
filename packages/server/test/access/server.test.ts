import { request } from 'node:http';
import { text } from 'node:stream/consumers';
import { parseTokens } from '@paceline/protocol';
import type { RunEvent } from '@paceline/protocol';
import { systemClock } from '@paceline/telemetry';
import { createMemoryLogger } from '@paceline/telemetry/testing';
import { createMemoryTransport, createWebSocketTransport } from '@paceline/transport';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { RunningServer } from '../../src/index.ts';
import { startServer } from '../../src/index.ts';
import { toyJob } from '../support/toy-run.ts';
import { startToyWorker } from '../support/toy-worker.ts';

const secrets = {
  worker: 'worker-secret-5a1f0c',
  observe: 'observe-secret-77b2e4',
  control: 'control-secret-c0ffee',
  wrong: 'guessed-secret-000000',
};
const tokens = parseTokens(
  `worker: ${secrets.worker}\nobserve: ${secrets.observe}\ncontrol: ${secrets.control}`,
  'F',
);

let server: RunningServer;
let events: RunEvent[];
let logger: ReturnType<typeof createMemoryLogger>;
beforeEach(async () => {
  events = [];
  logger = createMemoryLogger();
  server = await startServer({
    ...{ job: toyJob(), source: { kind: 'file', name: 'toy' }, listen: '127.0.0.1:0', tokens },
    ...{ transport: createWebSocketTransport(), clock: systemClock(), logger },
    onEvent: (event) => events.push(event),
  });
});
afterEach(() => server[Symbol.asyncDispose]());

interface Answered {
  readonly status: number | undefined;
  readonly body: string;
}

async function ask(path: string, headers: Readonly<Record<string, string>>): Promise<Answered> {
  const { port } = new URL(server.url);
  const method = path.startsWith('/control/') ? 'POST' : 'GET';
  const { promise, resolve, reject } = Promise.withResolvers<Answered>();
  const asked = request({ host: '127.0.0.1', port, path, method, headers, agent: false });
  asked.on('error', reject).on('response', (response) => {
    void text(response).then((body) => {
      resolve({ status: response.statusCode, body });
    });
  });
  asked.end();
  return promise;
}

const bearer = (secret: string): Record<string, string> => ({ authorization: `Bearer ${secret}` });

/** How a worker with this token is parted with. */
async function workerEnd(token?: string): Promise<{ code: number; reason: string }> {
  const transport = createWebSocketTransport(systemClock(), token === undefined ? {} : { token });
  return (await startToyWorker(transport, server.url, { name: 'w' })).closed;
}

describe('over real sockets, a server with tokens', () => {
  it('trains with a worker that has one for workers', async () => {
    expect(await workerEnd(secrets.worker)).toMatchObject({ code: 4008 });
    expect((await server.finished).status).toBe('finished');
  });

  it.each([
    ['none', undefined, 'a token is needed: --token-file FILE or PACELINE_TOKEN'],
    ['a wrong one', secrets.wrong, 'the token is wrong: take the one of this server'],
    ['one for control', secrets.control, 'the token is for control and observe; this needs one'],
  ])('parts with a worker that has %s in one line on both sides', async (_what, token, words) => {
    const end = await workerEnd(token);
    expect(end.code).toBe(4001);
    expect(end.reason).toContain(words);
    expect(server.status().refusals).toEqual({ unauthorized: 1 });
    const lines = logger.entries.filter(({ message }) => message.includes('unauthorized'));
    expect(lines.map(({ message }) => message)).toEqual([expect.stringContaining(words)]);
  });

  it.each([
    ['/healthz', 200, 200, 200, 200],
    ['/readyz', 200, 200, 200, 200],
    ['/status.json', 401, 403, 200, 200],
    ['/nowhere', 401, 403, 404, 404],
    ['/control/pause', 401, 403, 403, 202],
  ])('answers %s: no token %i, worker %i, observe %i, control %i', async (path, ...expected) => {
    const statuses: (number | undefined)[] = [];
    for (const headers of [
      {},
      bearer(secrets.worker),
      bearer(secrets.observe),
      bearer(secrets.control),
    ]) {
      statuses.push((await ask(path, headers)).status);
    }
    expect(statuses).toEqual(expected);
  });

  it('answers a page of another origin with 403, and no header lets one in', async () => {
    const headers = { ...bearer(secrets.observe), origin: 'http://evil.example' };
    expect(await ask('/status.json', headers)).toEqual({
      status: 403,
      body: '{"error":"pages of other origins may not ask this server"}',
    });
  });

  it('answers 429 after ten wrong tokens, also to a worker, who comes again', async () => {
    for (let i = 0; i < 10; i++) {
      expect((await ask('/status.json', bearer(`${secrets.wrong}${String(i)}`))).status).toBe(401);
    }
    expect((await ask('/status.json', bearer(secrets.observe))).status).toBe(429);
    expect((await ask('/healthz', {})).status).toBe(200);
    await expect(workerEnd(secrets.worker)).rejects.toMatchObject({
      code: 'busy',
      message: expect.stringMatching(/too many wrong tokens came from your address/) as unknown,
    });
  });

  it('shows no secret in logs, events, status or answers', async () => {
    const answers: Answered[] = [];
    // The right one last: the run is over then.
    for (const secret of Object.values(secrets).reverse()) {
      answers.push(await ask('/status.json', bearer(secret)), await ask(`/x?t=${secret}`, {}));
      await workerEnd(secret).catch(() => undefined);
    }
    await server.finished;
    const everything = JSON.stringify([
      answers,
      events,
      logger.entries,
      server.status(),
      server.url,
    ]);
    expect(everything).toContain('unauthorized');
    for (const secret of Object.values(secrets)) expect(everything).not.toContain(secret);
  });
});

describe('a server that other machines could reach', () => {
  it.each(['0.0.0.0:0', '[::]:0', 'trainer.example:0', '192.0.2.1:0'])(
    'does not listen on %s without a token, and says what to do',
    async (listen) => {
      const options = {
        ...{ job: toyJob(), source: { kind: 'file', name: 'toy' } as const, listen },
        ...{ transport: createMemoryTransport(), clock: systemClock(), logger },
        onEvent: () => undefined,
      };
      await expect(startServer(options)).rejects.toMatchObject({
        code: 'token-needed',
        message: expect.stringMatching(/--token-file FILE.*openssl rand -hex 32/) as unknown,
      });
    },
  );
});

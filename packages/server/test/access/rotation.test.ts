import { TokenError, parseTokens } from '@paceline/protocol';
import type { Token } from '@paceline/protocol';
import { createManualClock, createMemoryLogger } from '@paceline/telemetry/testing';
import { createWebSocketTransport } from '@paceline/transport';
import { afterEach, beforeEach, expect, test } from 'vitest';
import type { RunningServer } from '../../src/index.ts';
import { startServer } from '../../src/index.ts';
import { toyJob } from '../support/toy-run.ts';
import { startToyWorker } from '../support/toy-worker.ts';
import type { ToyWorker } from '../support/toy-worker.ts';

const [old, fresh] = ['old-secret-5a1f0c00', 'new-secret-77b2e400'];
const both = `worker: ${old}\nworker: ${fresh}`;

let server: RunningServer;
let clock: ReturnType<typeof createManualClock>;
let logger: ReturnType<typeof createMemoryLogger>;
let file: string;
const readTokens = (): readonly Token[] => parseTokens(file, 'F');

beforeEach(async () => {
  clock = createManualClock();
  logger = createMemoryLogger();
  file = `worker: ${old}`;
  server = await startServer({
    ...{ job: toyJob(), source: { kind: 'file', name: 'toy' }, listen: '127.0.0.1:0' },
    ...{ transport: createWebSocketTransport(clock), clock, logger, minWorkers: 9 },
    ...{ tokens: readTokens(), readTokens, onEvent: () => undefined },
    // The toy worker has no heart that beats by this clock.
    deadlines: { heartbeatMs: 1e6, silenceMs: 1e7 },
  });
});
afterEach(async () => {
  server.stop('done');
  await clock.advance(10_000);
  await server.finished;
});

const arrive = (token: string, name: string): Promise<ToyWorker> =>
  startToyWorker(createWebSocketTransport(clock, { token }), server.url, { name });

const names = (): readonly string[] => server.status().workers.map(({ name }) => name);

/** Writes the token file, and lets the server look at it. */
async function rewrite(text: string): Promise<void> {
  file = text;
  await clock.advance(10_000);
}

test('new tokens count without a start, and old ones until their line is gone', async () => {
  expect((await (await arrive(fresh, 'early')).closed).code).toBe(4001);
  await rewrite(both);
  await arrive(old, 'with-old');
  await arrive(fresh, 'with-new');
  await expect.poll(names).toEqual(['with-old', 'with-new']);

  await rewrite(`worker: ${fresh}`);
  expect((await (await arrive(old, 'late')).closed).code).toBe(4001);
  expect(names()).toEqual(['with-new']);
});

test('who came in with a token that is taken back is let go with 4012, and may come with another', async () => {
  await rewrite(both);
  const worker = await arrive(old, 'w');
  await expect.poll(names).toEqual(['w']);
  await rewrite(`worker: ${fresh}\nobserve: ${old}`);
  expect(await worker.closed).toEqual({
    code: 4012,
    reason: 'the token that it came with was taken back',
  });
  await arrive(fresh, 'w');
  await expect.poll(names).toEqual(['w']);
});

test.each([
  ['', new TokenError('F has no token. Make one with: openssl rand -hex 32').message],
  ['worker: short', 'F, line 1: a line is TOKEN or ROLE: TOKEN'],
])(
  'a file that became %j leaves the old tokens in use, and is told of once',
  async (text, words) => {
    const worker = await arrive(old, 'w');
    await expect.poll(names).toEqual(['w']);
    await rewrite(text);
    await clock.advance(60_000);
    await arrive(old, 'another');
    await expect.poll(names).toEqual(['w', 'another']);
    const errors = logger.entries.filter(({ level }) => level === 'error');
    expect(errors.map(({ message }) => message)).toEqual([
      expect.stringContaining(`the old tokens stay in use: ${words}`),
    ]);
    expect(JSON.stringify(logger.entries)).not.toContain(old);
    worker.connection.terminate();
  },
);

import { parseTokens } from '@paceline/protocol';
import type { RunEvent } from '@paceline/protocol';
import { systemClock } from '@paceline/telemetry';
import { createManualClock, createMemoryLogger } from '@paceline/telemetry/testing';
import { createWebSocketTransport } from '@paceline/transport';
import { beforeEach, describe, expect, it } from 'vitest';
import type { RunningServer } from '../src/index.ts';
import { startServer } from '../src/index.ts';
import { createLinger } from '../src/linger.ts';
import { toyJob } from './support/toy-run.ts';
import { startToyWorker } from './support/toy-worker.ts';

const token = 'some-secret-5a1f0c';
const transport = createWebSocketTransport(systemClock(), { token });
let events: RunEvent[];
beforeEach(() => {
  events = [];
});

function serve(lingerMs: number): Promise<RunningServer> {
  return startServer({
    ...{ job: toyJob(), source: { kind: 'file', name: 'toy' }, listen: '127.0.0.1:0' },
    ...{ transport, clock: systemClock(), logger: createMemoryLogger(), lingerMs },
    tokens: parseTokens(token, 'F'),
    onEvent: (event) => events.push(event),
  });
}

/** What the server answers to a request. */
async function ask(server: RunningServer, path: string, method = 'GET'): Promise<object> {
  const headers = { authorization: `Bearer ${token}` };
  const answer = await fetch(`${server.url.replace('ws:', 'http:')}${path}`, { method, headers });
  return { status: answer.status, body: await answer.json() };
}

async function trainToTheEnd(server: RunningServer): Promise<void> {
  const worker = await startToyWorker(transport, server.url, { name: 'w' });
  expect((await worker.closed).code).toBe(4008);
}

describe('a server that lingers', () => {
  it('tells late workers that the run is over, answers, and goes when it is stopped', async () => {
    await using server = await serve(Infinity);
    await trainToTheEnd(server);
    const late = await startToyWorker(transport, server.url, { name: 'late' });
    expect((await late.closed).code).toBe(4008);
    expect(late.received).toContainEqual({ kind: 'finished', status: 'finished', steps: 9 });
    expect(await ask(server, '/healthz')).toMatchObject({ status: 200 });
    expect(await ask(server, '/readyz')).toEqual({ status: 503, body: { status: 'over' } });
    const status = { phase: 'over', step: 9, workers: [], waits: [] };
    expect(await ask(server, '/status.json')).toMatchObject({ status: 200, body: status });
    expect(events.map(({ type }) => type)).toContain('end');
    expect(events.at(-1)).not.toMatchObject({ event: 'stopped' });

    expect(await ask(server, '/control/stop', 'POST')).toMatchObject({ status: 202 });
    expect((await server.finished).status).toBe('finished');
    expect(events.at(-1)).toMatchObject({ event: 'stopped' });
  });

  it('does not when somebody stopped the run: this process is to go', async () => {
    await using server = await serve(Infinity);
    await startToyWorker(transport, server.url, { name: 'w' });
    server.stop('enough');
    expect((await server.finished).status).toBe('interrupted');
  });
});

describe('lingering', () => {
  it('lasts as long as it was told, and leaves no timer', async () => {
    const clock = createManualClock();
    let isOver = false;
    const waiting = createLinger({ clock }, 60_000)
      .wait()
      .then(() => (isOver = true));
    await clock.advance(59_999);
    expect(isOver).toBe(false);
    await clock.advance(1);
    await waiting;
    expect(clock.pendingTimers).toBe(0);
  });

  it('ends when it is ended, before or meanwhile', async () => {
    const clock = createManualClock();
    for (const lingerMs of [60_000, Infinity]) {
      const before = createLinger({ clock }, lingerMs);
      before.end();
      await before.wait();
      const meanwhile = createLinger({ clock }, lingerMs);
      const waiting = meanwhile.wait();
      meanwhile.end();
      await waiting;
    }
    expect(clock.pendingTimers).toBe(0);
  });
});

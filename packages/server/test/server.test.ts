import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { RunEvent } from '@paceline/protocol';
import { systemClock } from '@paceline/telemetry';
import { createMemoryLogger } from '@paceline/telemetry/testing';
import type { Transport } from '@paceline/transport';
import { createMemoryTransport } from '@paceline/transport';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { CheckpointStorage, RunningServer, ServerOptions } from '../src/index.ts';
import { openDiskStorage, startServer } from '../src/index.ts';
import { toyDigest, toyJob, toyLeaf, toyOracle } from './support/toy-run.ts';
import type { ToyWorker } from './support/toy-worker.ts';
import { startToyWorker } from './support/toy-worker.ts';

/** Waiting costs nothing when it is over at once; machines may be busy. */
const patience = { timeout: 10_000 };

let transport: Transport;
let events: RunEvent[];
let folder: string;

beforeEach(() => {
  transport = createMemoryTransport();
  events = [];
  folder = mkdtempSync(join(tmpdir(), 'paceline-server-'));
});
afterEach(() => {
  rmSync(folder, { recursive: true, force: true });
});

function serve(options: Partial<ServerOptions> = {}): Promise<RunningServer> {
  return startServer({
    job: toyJob(),
    source: { kind: 'file', name: 'toy' },
    listen: 'memory:toy',
    everySteps: 1,
    transport,
    clock: systemClock(),
    logger: createMemoryLogger(),
    onEvent: (event) => events.push(event),
    ...options,
  });
}

function storage(): CheckpointStorage {
  return openDiskStorage(join(folder, 'checkpoints'), { clock: systemClock(), keep: 3 });
}

function joinRun(server: RunningServer, name: string): Promise<ToyWorker> {
  return startToyWorker(transport, server.url, { name });
}

const expected = toyDigest(toyOracle(toyJob().settings, 9));

describe('a run ends with the bits of the plain JavaScript oracle', () => {
  test.each([1, 2, 3, 5, 8])('with %i workers', async (count) => {
    await using server = await serve({ minWorkers: count });
    const names = Array.from({ length: count }, (_, i) => `w${String(i)}`);
    const workers = await Promise.all(names.map((name) => joinRun(server, name)));
    const { end } = await server.finished;
    expect(end).toMatchObject({ status: 'finished', steps: 9, weightsSha256: expected });
    for (const worker of workers) expect((await worker.closed).code).toBe(4008);
  });

  test.each([1, 2, 6, 8])('with %i microbatches', async (microbatches) => {
    const job = toyJob([`microbatches=${String(microbatches)}`]);
    await using server = await serve({ job, minWorkers: 2 });
    await Promise.all([joinRun(server, 'a'), joinRun(server, 'b')]);
    const { end } = await server.finished;
    expect(end.weightsSha256).toBe(toyDigest(toyOracle(job.settings, 9)));
  });

  test('when a worker dies in the middle of sending a step, and another comes', async () => {
    await using server = await serve({ minWorkers: 2 });
    const [dying] = await Promise.all([joinRun(server, 'dying'), joinRun(server, 'staying')]);
    dying.beforeNode = (step, bucket) => {
      if (step === 4 && bucket === 2) dying.connection.terminate();
      return true;
    };
    await dying.closed;
    await joinRun(server, 'newcomer');
    const { end } = await server.finished;
    expect(end.weightsSha256).toBe(expected);
    expect(events).toContainEqual(expect.objectContaining({ event: 'left', worker: 'dying' }));
  });

  test('when nobody is left for a while', async () => {
    await using server = await serve();
    const only = await joinRun(server, 'only');
    only.beforeNode = (step) => {
      if (step === 3) only.connection.terminate();
      return step !== 3;
    };
    await only.closed;
    await expect.poll(() => server.status().waits.join(), patience).toContain('none left');
    await joinRun(server, 'next');
    expect((await server.finished).end.weightsSha256).toBe(expected);
  });

  test('when every node comes twice', async () => {
    await using server = await serve();
    const worker = await joinRun(server, 'twice');
    const send = worker.connection.send.bind(worker.connection);
    worker.connection.send = (frame, sent) => {
      send(frame, sent);
      if (frame[1] === 4) send(frame.slice());
    };
    expect((await server.finished).end.weightsSha256).toBe(expected);
    const { duplicate = 0, late = 0 } = server.status().counters;
    expect(duplicate + late).toBeGreaterThan(20);
  });

  test('when it is held and goes on', async () => {
    await using server = await serve({ holdAt: [0, 5] });
    await joinRun(server, 'w');
    await expect.poll(() => server.status().phase, patience).toBe('holding');
    expect(events).toContainEqual({ type: 'hold', step: 0, until: 'resume' });
    expect(server.resume()).toBe(true);
    await expect
      .poll(() => [server.status().phase, server.status().step], patience)
      .toEqual(['holding', 5]);
    await joinRun(server, 'late');
    expect(server.resume()).toBe(true);
    expect(server.resume()).toBe(false);
    expect((await server.finished).end.weightsSha256).toBe(expected);
  });

  test('when it is held at each multiple of some steps', async () => {
    await using server = await serve({ holdEvery: 4 });
    await joinRun(server, 'w');
    for (const step of [4, 8]) {
      await expect
        .poll(() => [server.status().phase, server.status().step], patience)
        .toEqual(['holding', step]);
      expect(server.resume()).toBe(true);
    }
    expect((await server.finished).end.weightsSha256).toBe(expected);
    expect(events.filter((event) => event.type === 'hold')).toHaveLength(2);
  });
});

describe('a run refuses', () => {
  test.each([
    [
      'fingerprint',
      { fingerprint: 'other' },
      'backend fingerprint: the run has "toy", this worker has "other"',
    ],
    ['probe', { probe: 'c'.repeat(64) }, 'probe'],
    [
      'data',
      { splits: { train: { examples: 22, digest: 'd'.repeat(64) } } },
      'data split train.digest',
    ],
  ])('a worker with another %s, in words', async (_, layout, words) => {
    await using server = await serve({ holdAt: [0] });
    await joinRun(server, 'first');
    await expect.poll(() => server.status().phase, patience).toBe('holding');
    const other = await startToyWorker(transport, server.url, { name: 'other', layout });
    expect(await other.closed).toMatchObject({ code: 4007 });
    const refusal = other.received.find((message) => message.kind === 'refuse');
    expect(refusal?.message).toContain(words);
  });

  test('nobody for settings that have no effect on the bits', async () => {
    await using server = await serve({ holdAt: [0], minWorkers: 2 });
    await joinRun(server, 'first');
    const { settings } = toyJob(['name=longer', 'until.steps=99', 'bucketBytes=64']);
    await startToyWorker(transport, server.url, { name: 'other', layout: { settings } });
    await expect.poll(() => server.status().phase, patience).toBe('holding');
    expect(server.status().workers).toHaveLength(2);
  });

  test('bytes that are no message, and goes on', async () => {
    await using server = await serve();
    const rude = await transport.connect(server.url, { timeoutMs: 1000, maxFrameBytes: 1000 });
    const closed = new Promise((resolve) => {
      rude.onClose(resolve);
    });
    rude.send(new Uint8Array([1, 2, 3]));
    expect(await closed).toMatchObject({ code: 4000 });
    expect(server.status().refusals).toEqual({ 'no-hello': 1 });
    await joinRun(server, 'polite');
    expect((await server.finished).end.weightsSha256).toBe(expected);
  });
});

test('a gradient that is not finite ends the run with the tensor, the step and what to do', async () => {
  await using server = await serve();
  await startToyWorker(transport, server.url, {
    name: 'w',
    leafOf: (parameters, o) => {
      const leaf = toyLeaf(parameters, o);
      if (o.step === 2) leaf[15] = NaN;
      return leaf;
    },
  });
  const { status, message } = await server.finished;
  expect(status).toBe('failed');
  expect(message).toContain('step 3: the gradient of w, b is not finite');
});

test('nonFinite skip leaves exactly such steps out', async () => {
  const job = toyJob(['nonFinite=skip']);
  await using server = await serve({ job });
  await startToyWorker(transport, server.url, {
    name: 'w',
    leafOf: (parameters, o) => {
      const leaf = toyLeaf(parameters, o);
      return o.step === 0 ? leaf : leaf.fill(NaN, 5, 6);
    },
  });
  const { end } = await server.finished;
  const afterFirst = toyDigest(toyOracle(job.settings, 1));
  expect(end).toMatchObject({ status: 'finished', steps: 9, weightsSha256: afterFirst });
});

test('the run folder holds version 0, the last version, the model and all events', async () => {
  await using server = await serve({ out: folder, storage: storage() });
  await joinRun(server, 'w');
  const { end } = await server.finished;
  expect(readdirSync(join(folder, 'checkpoints')).sort()).toEqual(['step-0', 'step-9', 'term-1']);
  expect(end.model).toBe(join(folder, 'model'));
  const lines = readFileSync(join(folder, 'events.ndjson'), 'utf8').trim().split('\n');
  expect(lines.map((line) => JSON.parse(line) as RunEvent)).toEqual(events);
  expect(events[0]).toMatchObject({ type: 'server', event: 'started', url: server.url });
  expect(events.slice(-2)).toMatchObject([{ type: 'end' }, { type: 'server', event: 'stopped' }]);
  const file = readFileSync(join(folder, 'checkpoints/step-9/parameters.safetensors'));
  const head = Number(file.readBigUInt64LE(0));
  const header = JSON.parse(file.subarray(8, 8 + head).toString()) as Record<
    string,
    { data_offsets: number[] }
  >;
  const [from, to] = header['w']?.data_offsets ?? [];
  const oracle = toyOracle(toyJob().settings, 9);
  const w = new Float32Array(
    new Uint8Array(file.subarray(8 + head + (from ?? 0), 8 + head + (to ?? 0))).buffer,
  );
  expect(w).toEqual(oracle.slice(2, 17));
});

test('stopping ends the run as interrupted, with a checkpoint', async () => {
  await using server = await serve({ out: folder, storage: storage(), holdAt: [4] });
  const worker = await joinRun(server, 'w');
  await expect.poll(() => server.status().phase, patience).toBe('holding');
  server.stop('SIGINT');
  expect((await server.finished).end).toMatchObject({ status: 'interrupted', steps: 4 });
  expect(readdirSync(join(folder, 'checkpoints'))).toContain('step-4');
  expect((await worker.closed).code).toBe(4008);
});

import { systemClock } from '@paceline/telemetry';
import { createMemoryLogger } from '@paceline/telemetry/testing';
import type { RunEvent } from '@paceline/protocol';
import type { Transport } from '@paceline/transport';
import { createMemoryTransport } from '@paceline/transport';
import { beforeEach, describe, expect, test } from 'vitest';
import type { RunningServer, ServerOptions } from '../src/index.ts';
import { startServer } from '../src/index.ts';
import type { MemoryStorage } from '../src/testing/index.ts';
import { createMemoryStorage } from '../src/testing/index.ts';
import { toyDigest, toyJob, toyLeaf, toyOracle } from './support/toy-run.ts';
import { startToyWorker } from './support/toy-worker.ts';

/** Waiting costs nothing when it is over at once; machines may be busy. */
const patience = { timeout: 10_000 };

let transport: Transport;
let storage: MemoryStorage;
let events: RunEvent[];

beforeEach(() => {
  transport = createMemoryTransport();
  storage = createMemoryStorage({ clock: systemClock(), keep: 9 });
  events = [];
});

function serve(
  set: readonly string[],
  options: Partial<ServerOptions> = {},
): Promise<RunningServer> {
  return startServer({
    job: toyJob(['checkpoint.everySteps=2', ...set]),
    source: { kind: 'file', name: 'toy' },
    listen: 'memory:toy',
    everySteps: 1,
    transport,
    storage,
    clock: systemClock(),
    logger: createMemoryLogger(),
    onEvent: (event) => events.push(event),
    ...options,
  });
}

/** Trains up to a hold and ends there. */
async function trainUpTo(step: number): Promise<void> {
  await using server = await serve([], { holdAt: [step] });
  await startToyWorker(transport, server.url, { name: 'w' });
  await expect.poll(() => server.status().phase, patience).toBe('holding');
  server.stop('enough');
  await server.finished;
}

const expected = toyDigest(toyOracle(toyJob().settings, 9));

describe('a run that is started again', () => {
  test('goes on from its newest checkpoint, with momentum, to the same bits', async () => {
    await trainUpTo(5);
    expect(storage.steps).toEqual([0, 2, 4, 5]);
    await using server = await serve([]);
    await startToyWorker(transport, server.url, { name: 'another' });
    const { end } = await server.finished;
    expect(end).toMatchObject({ status: 'finished', steps: 9, weightsSha256: expected });
    expect(events.filter((event) => event.type === 'start').at(-1)).toMatchObject({ resumedAt: 5 });
    expect(server.status().term).toBe(2);
  });

  test.each([32, 64, 1024])('also cut into buckets of %i bytes', async (bucketBytes) => {
    await trainUpTo(5);
    await using server = await serve([`bucketBytes=${String(bucketBytes)}`]);
    await startToyWorker(transport, server.url, { name: 'w' });
    expect((await server.finished).end.weightsSha256).toBe(expected);
  });

  test('takes an older checkpoint when the newest is damaged, and says so', async () => {
    await trainUpTo(5);
    storage.damageNewest();
    await using server = await serve([]);
    await startToyWorker(transport, server.url, { name: 'w' });
    expect((await server.finished).end.weightsSha256).toBe(expected);
    expect(events.filter((event) => event.type === 'start').at(-1)).toMatchObject({ resumedAt: 4 });
  });

  test('with a setting that matters for the bits is refused with the difference', async () => {
    await trainUpTo(2);
    await expect(serve(['optimizer.learningRate=0.25'])).rejects.toMatchObject({
      code: 'other-job',
      message: expect.stringContaining(
        'optimizer.learningRate was 0.125, now it is 0.25',
      ) as string,
    });
  });
});

test('a finished run ends at once without a worker, and goes on when it is to be longer', async () => {
  const first = await serve([]);
  await startToyWorker(transport, first.url, { name: 'w' });
  await first.finished;
  const again = await serve([]);
  expect((await again.finished).end).toMatchObject({ steps: 9, weightsSha256: expected });
  const longer = await serve(['until.steps=12']);
  await startToyWorker(transport, longer.url, { name: 'w' });
  const oracle = toyDigest(toyOracle(toyJob().settings, 12));
  expect((await longer.finished).end).toMatchObject({ steps: 12, weightsSha256: oracle });
});

test('a disk that takes nothing is an alarm; the run ends with its bits', async () => {
  storage.failNextWrites(100);
  await using server = await serve([]);
  await startToyWorker(transport, server.url, { name: 'w' });
  expect((await server.finished).end.weightsSha256).toBe(expected);
  const faults = events.filter((event) => event.type === 'fault');
  expect(faults.length).toBeGreaterThan(3);
  expect(faults[0]).toMatchObject({
    kind: 'disk',
    detail: expect.stringContaining('full') as string,
  });
});

test('a checkpoint on demand is written at the version that the open step leads to', async () => {
  await using server = await serve(['checkpoint.everySteps=100'], { holdAt: [3] });
  await startToyWorker(transport, server.url, { name: 'w' });
  await expect.poll(() => server.status().phase, patience).toBe('holding');
  expect(server.checkpoint()).toBe(true);
  await expect.poll(() => storage.steps, patience).toEqual([0, 3]);
  server.resume();
  await server.finished;
});

test('a worker with a broken memory is found out, and the bits are those of the others', async () => {
  await using server = await serve(['until.steps=9'], { minWorkers: 2 });
  const broken = await startToyWorker(transport, server.url, {
    name: 'broken',
    leafOf: (parameters, o) => {
      const leaf = toyLeaf(parameters, o);
      if (o.step === 3 || o.step === 5) leaf[7] = NaN;
      return leaf;
    },
  });
  await startToyWorker(transport, server.url, { name: 'sound' });
  const { end } = await server.finished;
  expect(end).toMatchObject({ status: 'finished', weightsSha256: expected });
  expect((await broken.closed).code).toBe(4008);
});

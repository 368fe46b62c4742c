import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseTokens, refusals } from '@paceline/protocol';
import { systemClock } from '@paceline/telemetry';
import { createMemoryLogger } from '@paceline/telemetry/testing';
import { createWebSocketTransport } from '@paceline/transport';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { readGenerated } from '../../../../test/support/generated-part.ts';
import { metricTable } from '../../scripts/metric-table.ts';
import type { RunningServer } from '../../src/index.ts';
import { openDiskStorage, startServer } from '../../src/index.ts';
import { serverMetrics } from '../../src/report/metrics/all.ts';
import type { Family } from '../support/read-exposition.ts';
import { readExposition } from '../support/read-exposition.ts';
import { toyJob } from '../support/toy-run.ts';
import { startToyWorker } from '../support/toy-worker.ts';

const token = 'observe-secret-77b2e4';
const worker = 'worker-secret-5a1f0c';
const patience = { timeout: 10_000 };

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'paceline-metrics-'));
});
afterEach(() => {
  rmSync(folder, { recursive: true });
});

function serve(o: { readonly holdAt?: readonly number[] } = {}): Promise<RunningServer> {
  const clock = systemClock();
  return startServer({
    ...{ job: toyJob(), source: { kind: 'file', name: 'toy' }, listen: '127.0.0.1:0', ...o },
    ...{ transport: createWebSocketTransport(), clock, logger: createMemoryLogger() },
    tokens: parseTokens(`observe: ${token}\nworker: ${worker}`, 'F'),
    storage: openDiskStorage(folder, { clock, keep: 3 }),
    onEvent: () => undefined,
  });
}

const joinRun = (server: RunningServer) =>
  startToyWorker(createWebSocketTransport(systemClock(), { token: worker }), server.url, {
    name: 'w-with-a-name',
  });

const ask = (server: RunningServer, secret: string): Promise<Response> =>
  fetch(`${server.url.replace('ws:', 'http:')}/metrics`, {
    headers: { authorization: `Bearer ${secret}`, connection: 'close' },
  });

async function scrape(server: RunningServer): Promise<ReadonlyMap<string, Family>> {
  const response = await ask(server, token);
  expect(response.headers.get('content-type')).toBe('text/plain; version=0.0.4; charset=utf-8');
  return readExposition(await response.text());
}

const valueOf = (families: ReadonlyMap<string, Family>, name: string, labels = ''): unknown =>
  families.get(name)?.values[labels];

test('before the first worker there is no loss, nobody is here, and the run waits', async () => {
  await using server = await serve();
  const families = await scrape(server);
  expect(families.has('paceline_loss')).toBe(false);
  expect(families.has('paceline_checkpoint_age_seconds')).toBe(false);
  expect(families.get('paceline_workers')).toEqual({
    type: 'gauge',
    help: expect.stringContaining('Connected workers') as string,
    values: {
      'state="stranger"': 0,
      'state="preparing"': 0,
      'state="ready"': 0,
      'state="active"': 0,
    },
  });
  expect(valueOf(families, 'paceline_run_phase', 'phase="forming"')).toBe(1);
  expect(valueOf(families, 'paceline_waits')).toBe(1);
  expect(valueOf(families, 'paceline_refusals_total', 'reason="bad-frame"')).toBe(0);
});

test('a run of 4 steps of 8, 8, 6 and 8 examples is told in numbers', async () => {
  await using server = await serve({ holdAt: [4] });
  await joinRun(server);
  await expect.poll(() => server.status().phase, patience).toBe('holding');
  const families = await scrape(server);
  expect(valueOf(families, 'paceline_step')).toBe(4);
  expect(valueOf(families, 'paceline_planned_steps')).toBe(9);
  expect(valueOf(families, 'paceline_epochs')).toBeCloseTo(30 / 22, 12);
  expect(valueOf(families, 'paceline_updates_total')).toBe(4);
  expect(valueOf(families, 'paceline_examples_total')).toBe(30);
  expect(valueOf(families, 'paceline_loss')).toBe(server.status().loss);
  expect(valueOf(families, 'paceline_workers', 'state="active"')).toBe(1);
  expect(valueOf(families, 'paceline_checkpoints_total')).toBe(1);
  expect(valueOf(families, 'paceline_checkpoint_step')).toBe(0);
  expect(valueOf(families, 'paceline_checkpoint_age_seconds')).toBeGreaterThan(0);
  // The gradients of 4 steps came in, each of 26 numbers at least.
  expect(valueOf(families, 'paceline_received_bytes_total')).toBeGreaterThan(4 * 26 * 4);
  expect(valueOf(families, 'paceline_sent_bytes_total')).toBeGreaterThan(4 * 26 * 4);
  expect(valueOf(families, 'process_resident_memory_bytes')).toBeGreaterThan(2 ** 20);
});

test('a server that goes on counts its own updates from 0, and knows how old its checkpoint is', async () => {
  {
    await using first = await serve({ holdAt: [4] });
    await joinRun(first);
    await expect.poll(() => first.status().phase, patience).toBe('holding');
  }
  await using second = await serve({ holdAt: [4, 6] });
  const restored = await scrape(second);
  expect(valueOf(restored, 'paceline_step')).toBe(4);
  expect(valueOf(restored, 'paceline_run_term')).toBe(2);
  expect(valueOf(restored, 'paceline_updates_total')).toBe(0);
  expect(valueOf(restored, 'paceline_examples_total')).toBe(0);
  expect(valueOf(restored, 'paceline_checkpoint_age_seconds')).toBeLessThan(60);
  await joinRun(second);
  second.resume();
  await expect.poll(() => second.status().step, patience).toBe(6);
  const families = await scrape(second);
  expect(valueOf(families, 'paceline_updates_total')).toBe(2);
  // Steps 4 and 5 have 8 and 6 examples.
  expect(valueOf(families, 'paceline_examples_total')).toBe(14);
});

test('names, types and labels are those that Prometheus recommends, and no label is the name of a worker', async () => {
  await using server = await serve({ holdAt: [4] });
  await joinRun(server);
  await expect.poll(() => server.status().phase, patience).toBe('holding');
  const families = await scrape(server);
  for (const { name, kind, help } of serverMetrics) {
    expect(name).toMatch(/^paceline_[a-z_]+$/);
    expect(name.endsWith('_total'), name).toBe(kind === 'counter');
    expect(help, name).toMatch(/\.$/);
    if (families.has(name)) expect(families.get(name)?.type).toBe(kind);
  }
  expect([...families.values()].flatMap(({ values }) => Object.keys(values)).join()).not.toContain(
    'w-with-a-name',
  );
  const reasons = Object.keys(families.get('paceline_refusals_total')?.values ?? {});
  expect(reasons).toHaveLength(refusals.length);
});

test('a wrong token sees nothing, and its refusal is counted', async () => {
  await using server = await serve();
  const response = await ask(server, 'guessed-secret-000000');
  expect([response.status, await response.text()]).toEqual([
    401,
    expect.not.stringContaining('paceline_step'),
  ]);
  expect((await ask(server, worker)).status).toBe(403);
  const families = await scrape(server);
  expect(valueOf(families, 'paceline_refusals_total', 'reason="unauthorized"')).toBe(2);
});

test('docs/metrics.md has the table as it is generated (else: npm run describe in this package)', () => {
  expect(readGenerated('metrics.md')).toBe(metricTable());
});

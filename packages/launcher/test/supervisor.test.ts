import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

import type { RunEvent } from '@paceline/protocol';
import { systemClock } from '@paceline/telemetry';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';

import { planLocalRun } from '../src/plan.ts';
import { startProcess } from '../src/process.ts';
import { createSupervisor } from '../src/supervisor.ts';
import type { Supervisor } from '../src/supervisor.ts';
import { isRunning } from './support/processes.ts';

const program = fileURLToPath(new URL('./support/fake-program.mjs', import.meta.url));

let directory: string;
let journal: string;
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'paceline-test-'));
  journal = join(directory, 'journal');
});
afterEach(() => {
  rmSync(directory, { recursive: true });
});

interface Started {
  readonly supervisor: Supervisor;
  readonly events: readonly RunEvent[];
  readonly log: readonly string[];
  /** Resolves when an event of that type came. */
  readonly came: (type: RunEvent['type']) => Promise<void>;
}

function start(job: string): Started {
  const plan = planLocalRun({
    program: { command: process.execPath, args: [program] },
    job,
    set: [],
    workers: 2,
    out: directory,
    listen: 'unix:/nowhere',
    everySteps: 10,
    holdAt: [],
    logLevel: 'info',
    launcherPid: process.pid,
  });
  const journaled = (name: string, url: string): ReturnType<typeof plan.worker> => {
    const worker = plan.worker(name, url);
    return { ...worker, env: { ...worker.env, FAKE_JOURNAL: journal } };
  };
  const events: RunEvent[] = [];
  const log: string[] = [];
  const waiting = new Map<string, () => void>();
  const supervisor = createSupervisor(
    {
      ...plan,
      server: { ...plan.server, env: { ...plan.server.env, FAKE_JOURNAL: journal } },
      worker: journaled,
    },
    {
      clock: systemClock(),
      limits: { restartsPerWorker: 1, startMs: 20_000, leaveMs: 2000, stopMs: 300, killMs: 200 },
      start: startProcess,
      onEvent: (event) => {
        events.push(event);
        waiting.get(event.type)?.();
      },
      onLog: (name, line) => log.push(`${name}: ${line}`),
    },
  );
  const came = async (type: RunEvent['type']): Promise<void> => {
    if (events.some((event) => event.type === type)) return;
    const { promise, resolve } = Promise.withResolvers<undefined>();
    waiting.set(type, () => resolve(undefined));
    await promise;
  };
  return { supervisor, events, log, came };
}

/** The processes that were started, from what they wrote. */
function pids(): readonly number[] {
  return readFileSync(journal, 'utf8')
    .split('\n')
    .map((line) => /^(?:server|worker \w+) (\d+)/.exec(line)?.[1])
    .filter((pid) => pid !== undefined)
    .map(Number);
}

describe('the supervisor with real processes', () => {
  it('passes events on, keeps other output for the log, and ends when all have left', async () => {
    const { supervisor, events, log } = start('short');
    expect(await supervisor.ended).toEqual({});
    expect(events.map((event) => event.type)).toEqual(['server', 'start', 'end']);
    expect(log).toContain('server: a job file that prints');
    expect(pids().filter(isRunning)).toEqual([]);
  });

  it('tells what the server said last when it refuses its job', async () => {
    const { supervisor } = start('broken');
    const { cause } = await supervisor.ended;
    expect(cause).toEqual({
      process: 'server',
      words: 'exited with code 2 (bad usage or job)',
      code: 2,
      lastLines: ['error: the job is broken'],
    });
  });

  it('ends the server and the other worker when a worker refuses the job before training', async () => {
    const { supervisor, events } = start('refused');
    const { cause } = await supervisor.ended;
    expect(cause?.code).toBe(2);
    expect(cause?.lastLines).toContain('error: no such layer');
    expect(events.at(-1)).toMatchObject({
      type: 'end',
      status: 'failed',
      reason: expect.stringMatching(/^w\d exited with code 2 .*: error: no such layer$/) as string,
    });
    expect(pids().filter(isRunning)).toEqual([]);
  });

  it('starts a worker that was killed again and says so, with its new pid', async () => {
    const { supervisor, events, came } = start('long');
    await came('start');
    await untilJournal(/worker w1 (\d+)/);
    const first = Number(/worker w1 (\d+)/.exec(readFileSync(journal, 'utf8'))?.[1]);
    process.kill(first, 'SIGKILL');
    await came('worker');
    const relaunched = events.find((event) => event.type === 'worker');
    expect(relaunched).toMatchObject({ event: 'relaunched', worker: 'w1' });
    supervisor.stop('SIGTERM');
    expect(await supervisor.ended).toEqual({ stopSignal: 'SIGTERM' });
    expect(pids().filter(isRunning)).toEqual([]);
  });

  it('kills a server that does not listen to SIGTERM, within its deadlines', async () => {
    const { supervisor, came } = start('stubborn');
    await came('start');
    const stoppedAt = performance.now();
    supervisor.stop('SIGINT');
    await supervisor.ended;
    expect(performance.now() - stoppedAt).toBeLessThan(3000);
    expect(readFileSync(journal, 'utf8')).toContain('server ignores SIGTERM');
    expect(pids().filter(isRunning)).toEqual([]);
  });

  it('leaves nothing after a second stop, which does not wait', async () => {
    const { supervisor, came } = start('stubborn');
    await came('start');
    supervisor.stop('SIGINT');
    supervisor.stop('SIGINT');
    await supervisor.ended;
    expect(pids().filter(isRunning)).toEqual([]);
  });

  it('says why a program could not be started at all', async () => {
    const plan = planLocalRun({
      program: { command: join(directory, 'no-such-program'), args: [] },
      job: 'x',
      set: [],
      workers: 1,
      out: directory,
      listen: 'unix:/nowhere',
      everySteps: 10,
      holdAt: [],
      logLevel: 'info',
      launcherPid: process.pid,
    });
    const supervisor = createSupervisor(plan, {
      clock: systemClock(),
      limits: { restartsPerWorker: 1, startMs: 20_000, leaveMs: 2000, stopMs: 300, killMs: 200 },
      start: startProcess,
      onEvent: () => undefined,
      onLog: () => undefined,
    });
    const { cause } = await supervisor.ended;
    expect(cause?.words).toMatch(/^could not be started: .*ENOENT/);
  });
});

/** Waits for a line of the fake programs. The test's own time limit is the deadline. */
async function untilJournal(pattern: RegExp): Promise<void> {
  while (!pattern.test(readFileSync(journal, 'utf8'))) {
    await new Promise((resolve) => setImmediate(resolve));
  }
}

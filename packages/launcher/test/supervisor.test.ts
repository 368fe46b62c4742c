import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

import type { RunEvent } from '@paceline/protocol';
import { systemClock } from '@paceline/telemetry';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';

import { planLocalRun } from '../src/plan.ts';
import type { ProcessPlan } from '../src/plan.ts';
import { startProcess } from '../src/process/process.ts';
import { createSupervisor } from '../src/supervisor.ts';
import type { Supervisor } from '../src/supervisor.ts';
import { isRunning } from './support/processes.ts';

const program = fileURLToPath(new URL('./support/fake-program.mjs', import.meta.url));

let directory: string;
let journal: string;
let supervisors: Supervisor[] = [];
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'paceline-test-'));
  journal = join(directory, 'journal');
});
afterEach(async () => {
  // A test that failed has not ended its run.
  for (const supervisor of supervisors) supervisor.stop('SIGTERM', true);
  await Promise.all(supervisors.map(({ ended }) => ended));
  supervisors = [];
  rmSync(directory, { recursive: true });
});

const limits = { maxRestarts: 1, startMs: 20_000, leaveMs: 2000, stopMs: 300, killMs: 200 };

interface Started {
  readonly supervisor: Supervisor;
  readonly events: readonly RunEvent[];
  readonly log: readonly string[];
  /** Resolves when an event of that type came that `is` accepts. */
  readonly came: (type: RunEvent['type'], is?: (event: RunEvent) => boolean) => Promise<void>;
}

function start(job: string, listen?: string): Started {
  const plan = planLocalRun({
    program: { command: process.execPath, args: [program] },
    job,
    set: [],
    workers: 2,
    ...(listen === undefined ? {} : { listen }),
    out: directory,
    privateDirectory: { path: '/nowhere', socketPath: '/nowhere/server.sock' },
    everySteps: 10,
    holdAt: [],
    logLevel: 'info',
    launcherPid: process.pid,
  });
  const journaled = (process: ProcessPlan): ProcessPlan => ({
    ...process,
    env: { ...process.env, FAKE_JOURNAL: journal },
  });
  const events: RunEvent[] = [];
  const log: string[] = [];
  const waiting = new Set<() => void>();
  const supervisor = createSupervisor(
    {
      ...plan,
      server: (before) => journaled(plan.server(before)),
      worker: (name) => journaled(plan.worker(name)),
    },
    {
      clock: systemClock(),
      limits,
      start: startProcess,
      onEvent: (event) => {
        events.push(event);
        for (const look of waiting) look();
      },
      onLog: (name, line) => log.push(`${name}: ${line}`),
    },
  );
  supervisors.push(supervisor);
  const came: Started['came'] = async (type, is = () => true) => {
    const { promise, resolve } = Promise.withResolvers<undefined>();
    const look = (): void => {
      if (events.some((event) => event.type === type && is(event))) resolve(undefined);
    };
    waiting.add(look);
    look();
    await promise;
  };
  return { supervisor, events, log, came };
}

/** All processes that were started, from what they wrote. */
function pids(): readonly number[] {
  return [...pidsOf('server'), ...pidsOf('worker \\w+')];
}

/** What the fake programs wrote so far. */
function readJournal(): string {
  return existsSync(journal) ? readFileSync(journal, 'utf8') : '';
}

/** The processes that were started in this role, or under this name. */
function pidsOf(role: string): readonly number[] {
  const lines = readJournal().matchAll(new RegExp(`^${role} (\\d+)`, 'gm'));
  return [...lines].map(([, pid]) => Number(pid));
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
    const [first = 0] = pidsOf('worker w1');
    process.kill(first, 'SIGKILL');
    await came('worker');
    const relaunched = events.find((event) => event.type === 'worker');
    expect(relaunched).toMatchObject({ event: 'relaunched', worker: 'w1' });
    supervisor.stop('SIGTERM');
    expect(await supervisor.ended).toEqual({ stopSignal: 'SIGTERM' });
    expect(pids().filter(isRunning)).toEqual([]);
  });

  it('starts a server that was killed again, at the same address, and lets the workers be', async () => {
    const { supervisor, events, came } = start('long', 'fake:0');
    await came('start');
    await untilJournal(/worker w1/);
    await untilJournal(/worker w2/);
    const [first = 0] = pidsOf('server');
    process.kill(first, 'SIGKILL');
    await came('start', (event) => event.type === 'start' && event.resumedAt === 5);
    const crashed = events.find((event) => event.type === 'server' && event.event === 'crashed');
    expect(crashed).toMatchObject({
      pid: first,
      reason: expect.stringMatching(/^it was ended by SIGKILL; the system may have run/) as string,
    });
    expect(events).toContainEqual(
      expect.objectContaining({ type: 'server', event: 'restarted', pid: pidsOf('server')[1] }),
    );
    expect(readJournal().match(/^server \d+ (.*)$/gm)).toEqual([
      expect.stringMatching(/ fake:0 2$/) as string,
      expect.stringMatching(/ fake:1 1$/) as string,
    ]);
    expect(pidsOf('worker w1')).toHaveLength(1);
    supervisor.stop('SIGTERM');
    expect(await supervisor.ended).toEqual({ stopSignal: 'SIGTERM' });
    expect(pids().filter(isRunning)).toEqual([]);
  });

  it('gives up a server that crashes again and again, with the words of the first time', async () => {
    const { supervisor } = start('fragile');
    const { cause } = await supervisor.ended;
    expect(pidsOf('server')).toHaveLength(2);
    expect(cause).toEqual({
      process: 'server',
      words:
        'crashed 2 times in a row; the first time it exited with code 134; it seems to have run out of memory ' +
        '("FATAL ERROR: Allocation failed - JavaScript heap out of memory")',
      code: 3,
      lastLines: ['FATAL ERROR: Allocation failed - JavaScript heap out of memory'],
    });
    expect(pids().filter(isRunning)).toEqual([]);
  });

  it('starts the workers that a scaled run misses', async () => {
    const { supervisor, came } = start('scaled');
    await came('start');
    const [server = 0] = pidsOf('server');
    process.kill(server, 'SIGUSR2');
    await came('scale');
    await untilJournal(/worker w3 \d+ ws\+unix:\/\/\/nowhere\/server.sock:\//);
    supervisor.stop('SIGTERM');
    await supervisor.ended;
    expect(pids().filter(isRunning)).toEqual([]);
  });

  it('kills a server that does not listen to SIGTERM, within its deadlines', async () => {
    const { supervisor, came } = start('stubborn');
    await came('start');
    const stoppedAt = performance.now();
    supervisor.stop('SIGINT');
    await supervisor.ended;
    expect(performance.now() - stoppedAt).toBeLessThan(3000);
    expect(readJournal()).toContain('server ignores SIGTERM');
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
      privateDirectory: { path: '/nowhere', socketPath: '/nowhere/server.sock' },
      everySteps: 10,
      holdAt: [],
      logLevel: 'info',
      launcherPid: process.pid,
    });
    const supervisor = createSupervisor(plan, {
      clock: systemClock(),
      limits,
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
  while (!pattern.test(readJournal())) {
    await new Promise((resolve) => setImmediate(resolve));
  }
}

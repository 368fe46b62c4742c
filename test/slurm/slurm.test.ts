import { readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

import { afterAll, afterEach, beforeAll, describe, expect, vi } from 'vitest';

import { root } from '../architecture/workspace.ts';
import { run } from '../support/run.ts';
import { writeDigits } from '../support/digits.ts';
import { bitsOf, train } from '../support/paceline.ts';
import { requireOrSkip } from '../support/require.ts';
import { openScratch } from '../support/scratch.ts';
import type { Scratch } from '../support/scratch.ts';
import { startCluster } from './cluster.ts';
import type { SlurmCluster } from './cluster.ts';
import { canInstallPackages } from '../support/debian.ts';
import { installSlurm } from './install.ts';
import { commandLines, environments } from './processes.ts';
import { submit, submitRun } from './slurm-run.ts';
import type { SlurmRun, SubmitOptions } from './slurm-run.ts';

const canRun = canInstallPackages();
const test = requireOrSkip('root and apt-get, for a Slurm', canRun);

const job = 'mnist-mlp';
/** Workers look sooner whether the server has another address. */
const impatient = { PACELINE_RECONNECT_TIMEOUT: '3s', PACELINE_CONNECT_TIMEOUT: '3s' };
const patience = { timeout: 90_000, interval: 200 };
let scratch: Scratch;
let cluster: SlurmCluster;
let settings: readonly string[];
let undisturbed: object;

beforeAll(async () => {
  if (!canRun) return;
  await installSlurm();
  scratch = openScratch();
  const digits = writeDigits(join(scratch.path, 'digits'));
  const length = ['until.epochs=1000', 'until.steps=60', 'checkpoint.everySteps=10'];
  settings = ['backend=wasm', `data.path=${digits}`, 'batchSize=48', ...length];
  undisturbed = bitsOf(await train(scratch, job, { workers: 1, set: settings }));
  cluster = await startCluster(scratch);
});

afterAll(async () => {
  if (!canRun) return;
  await cluster[Symbol.asyncDispose]();
  const left = [...scratch.leftovers(), ...mountsBelow(scratch.path)];
  scratch[Symbol.dispose]();
  expect(left).toEqual([]);
});

/** What a failed test leaves must not keep the next one waiting. */
afterEach(async () => {
  if (!canRun) return;
  await cluster.admin('scancel', ['--user=nobody']);
  await vi.waitFor(async () => {
    expect(await cluster.admin('squeue', ['--noheader'])).toBe('');
  }, patience);
});

describe('a run in an allocation of three nodes ends with the bits of an undisturbed local run', () => {
  test('although its server crashes; its token is seen by nobody', async () => {
    const run = await start(impatient);
    await run.held(20);
    await joined(run, ['n1.0', 'n2.0', 'n3.0']);
    await expectSecret(run);
    kill('server');
    const { url } = await run.event('server', (each) => each.event === 'started', 2);
    expect(url).not.toBe(run.events().find((each) => each.type === 'server')?.url);
    await run.held(20, 2);
    await joined(run, ['n1.0', 'n2.0', 'n3.0'], 2);
    await run.resume();
    await run.held(40);
    await run.resume();
    await expectSameBits(run);
    expect(run.output()).toContain('the step server ended without a verdict (exit code 137');
  });

  test('although a node is cut off for 20 s, from which Slurm sees nothing', async () => {
    const run = await start();
    await run.held(20);
    await joined(run, ['n1.0', 'n2.0', 'n3.0']);
    await cluster.setLink('n2', 'down');
    const back = Date.now() + 20_000;
    const lost = run.event('worker', ({ worker, event }) => worker === 'n2.0' && event === 'left');
    await run.resume();
    await run.held(40);
    await lost;
    await vi.waitUntil(() => Date.now() >= back, { timeout: 30_000 });
    await cluster.setLink('n2', 'up');
    await joined(run, ['n2.0'], 2);
    const pids = run
      .events()
      .filter((each) => each.type === 'worker')
      .filter(({ worker, event }) => worker === 'n2.0' && event === 'joined')
      .map(({ pid }) => pid);
    expect(new Set(pids).size).toBe(1); // It lived through it.
    await run.resume();
    await expectSameBits(run);
  });

  test('although it is requeued, and its time is up', async () => {
    const run = await start();
    await run.held(20);
    await cluster.user('scontrol', ['requeue', run.id]);
    await run.reached('PENDING');
    await run.startNow();
    await run.held(20, 2);
    await run.resume();
    await run.held(40);
    // Slurm sends the signal of --signal when so little time is left.
    await cluster.admin('scontrol', ['update', `JobId=${run.id}`, 'TimeLimit=1']);
    await run.reached('PENDING');
    expect(run.output()).toContain('the time is almost up');
    await cluster.admin('scontrol', ['update', `JobId=${run.id}`, 'TimeLimit=10']);
    await run.startNow();
    await run.held(40, 2);
    const starts = run.events().filter((each) => each.type === 'start');
    expect(starts.map(({ resumedAt }) => resumedAt)).toEqual([undefined, 20, 40]);
    await run.resume();
    await expectSameBits(run);
    expect((await run.facts()).get('Restarts')).toBe('2');
  });

  test('although the node of a worker is lost, and then that of the server', async () => {
    const run = await start(impatient);
    await run.held(20);
    await joined(run, ['n1.0', 'n2.0', 'n3.0']);
    await slurmTimeout(5);
    await cluster.loseNode('n3');
    await run.resume();
    await run.held(40);
    await run.event('worker', ({ worker, event }) => worker === 'n3.0' && event === 'left');
    await cluster.loseNode('n1');
    await run.reached('PENDING');
    await slurmTimeout(60);
    await cluster.startNode('n1');
    await cluster.startNode('n3');
    await run.startNow();
    await run.held(40, 2);
    expect(run.output()).toContain('n1 was lost, and with it the batch script');
    await joined(run, ['n1.0', 'n2.0', 'n3.0'], 2);
    await run.resume();
    await expectSameBits(run);
  });
});

describe('what is wrong is said in one line, and the job ends with 2', () => {
  test('no job, or no such job file', async () => {
    await expectRefusal(
      { args: [] },
      'which job? sbatch paceline.sbatch JOB [flags of paceline server]',
    );
    await expectRefusal(
      { args: ['missing.ts'] },
      `there is no job file missing.ts in ${cluster.project}`,
    );
  });

  test('a token that Slurm would keep', async () => {
    const env = { PACELINE_TOKEN: 'x'.repeat(32) };
    await expectRefusal({ args: [job], env }, 'PACELINE_TOKEN is set: Slurm keeps');
  });

  test('a project without Node, or a job that paceline does not take', async () => {
    const directory = join(scratch.path, 'home');
    const why = /has no node in its PATH|has Node v[\d.]+, and paceline needs 22.18/;
    await expectRefusal({ args: [job], directory }, why);
    await expectRefusal({ args: [job, '--set', 'sede=1'] }, 'sede');
  });

  test('a folder that the nodes do not share: others work without those that do not see it', async () => {
    const set = [...settings, 'until.steps=10'].flatMap((setting) => ['--set', setting]);
    const env = { PACELINE_OUT: join(cluster.local, 'run') };
    const run = await submitRun(cluster, { args: [job, ...set], env });
    await run.reached('COMPLETED');
    expect(run.output()).toContain(
      `n2 does not see ${cluster.local}/run/slurm/paceline.sbatch: the run must be in`,
    );
  });

  test('the scripts, by shellcheck', async () => {
    const scripts = ['deploy/slurm', 'test/slurm'].flatMap((folder) =>
      readdirSync(join(root, folder))
        .filter((name) => /\.(sbatch|sh)$/.test(name))
        .map((name) => join(root, folder, name)),
    );
    expect(scripts).toHaveLength(5);
    expect(await run('shellcheck', scripts)).toBe('');
  });
});

describe('a sweep', () => {
  test('has a run for each line of settings, and each its own verdict', async () => {
    const lines = ['seed=7', 'seed=8 optimizer.learningRate=0.05', 'sede=9'];
    const text = lines.map((line) => [...settings, 'until.steps=10', line].join(' ')).join('\n');
    writeFileSync(join(cluster.project, 'settings'), `${text}\n`);
    const args = [job, 'settings'];
    const options = ['--array=1-3'];
    const id = await submit(cluster, 'sweep.sbatch', { options, args });
    const task = (i: number): Promise<string> =>
      cluster.user('scontrol', ['--oneliner', 'show', 'job', `${id}_${i}`]);
    const ended = (i: number, words: string): Promise<void> =>
      vi.waitFor(async () => expect(await task(i)).toContain(words), patience);
    await ended(1, 'JobState=COMPLETED');
    await ended(2, 'JobState=COMPLETED');
    await ended(3, 'ExitCode=2:0');
    const set = [...settings, 'until.steps=10', 'seed=8', 'optimizer.learningRate=0.05'];
    const { end } = await train(scratch, job, { workers: 1, set });
    const events = readFileSync(join(cluster.project, `runs/sweep-${id}/2/events.ndjson`), 'utf8');
    expect(events).toContain(`"weightsSha256":"${String(end.weightsSha256)}"`);
  });
});

/** Starts the job of these tests: 60 steps, with a hold after 20 and 40. */
function start(env: Readonly<Record<string, string>> = {}): Promise<SlurmRun> {
  const set = settings.flatMap((setting) => ['--set', setting]);
  const args = [job, ...set, '--hold-at', '20', '--hold-at', '40', '--min-workers', '1'];
  return submitRun(cluster, { args, env });
}

async function expectRefusal(o: SubmitOptions, why: string | RegExp): Promise<void> {
  const run = await submitRun(cluster, o);
  await run.reached('FAILED');
  expect((await run.facts()).get('ExitCode')).toBe('2:0');
  expect(run.output()).toMatch(why instanceof RegExp ? why : new RegExp(RegExp.escape(why)));
}

async function joined(run: SlurmRun, names: readonly string[], count = 1): Promise<void> {
  for (const name of names) {
    await run.event('worker', (e) => e.event === 'joined' && e.worker === name, count);
  }
}

async function expectSameBits(run: SlurmRun): Promise<void> {
  const end = await run.event('end', (each) => each.status === 'finished');
  expect(bitsOf({ end })).toEqual(undisturbed);
  await run.reached('COMPLETED');
  expect((await run.facts()).get('ExitCode')).toBe('0:0');
}

/** Nobody but its user sees the token: not in argument lists, environments, Slurm's records, logs and events. */
async function expectSecret(run: SlurmRun): Promise<void> {
  const path = join(run.private, 'token');
  const token = readFileSync(path, 'utf8');
  expect(token).toMatch(/^[0-9a-f]{64}$/);
  expect(statSync(path).mode & 0o777).toBe(0o600);
  expect(statSync(run.private).mode & 0o777).toBe(0o700);
  const lines = commandLines().map(({ words }) => words);
  expect(lines.filter((words) => words.includes(`runs/slurm-${run.id}/slurm/`))).not.toEqual([]);
  const record = await cluster.admin('scontrol', ['show', 'job', '--details', run.id]);
  const kept = readdirSync(cluster.state, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => readFileSync(join(entry.parentPath, entry.name), 'latin1'));
  expect(kept.some((text) => text.includes('#SBATCH --signal'))).toBe(true);
  const events = JSON.stringify(run.events());
  for (const text of [...lines, ...environments(), record, ...kept, run.output(), events]) {
    expect(text).not.toContain(token);
  }
}

/** Kills the server's process, and nothing else. */
function kill(role: string): void {
  const found = commandLines().filter(
    ({ words }) => words.includes(`/main.ts ${role} ${job}`) && words.includes(scratch.path),
  );
  expect(found).toHaveLength(1);
  for (const { pid } of found) process.kill(pid, 'SIGKILL');
}

/** After so many seconds of silence Slurm takes a node for lost. */
async function slurmTimeout(seconds: number): Promise<void> {
  const path = join(scratch.path, 'etc/slurm.conf');
  const conf = readFileSync(path, 'utf8').replace(/SlurmdTimeout=\d+/, `SlurmdTimeout=${seconds}`);
  writeFileSync(path, conf);
  await cluster.admin('scontrol', ['reconfigure']);
}

function mountsBelow(path: string): readonly string[] {
  const mounts = readFileSync('/proc/self/mounts', 'utf8').split('\n');
  return mounts.filter((line) => line.includes(path));
}

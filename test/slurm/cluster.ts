import { spawn, type ChildProcess } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import {
  chmodSync,
  chownSync,
  existsSync,
  mkdirSync,
  openSync,
  readFileSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';

import { vi } from 'vitest';

import { root } from '../architecture/workspace.ts';
import { run } from '../support/run.ts';
import type { Scratch } from '../support/scratch.ts';
import { childrenOf } from './processes.ts';

export type NodeName = 'n1' | 'n2' | 'n3';

export interface UserOptions {
  /** Added to a login's environment. */
  readonly env?: Readonly<Record<string, string>>;
  /** `project` unless given. */
  readonly directory?: string;
}

/** A Slurm of three nodes, each with a network, host name, process table and `/run` of its own. */
export interface SlurmCluster extends AsyncDisposable {
  /** A project of a user, on a file system that all nodes share. */
  readonly project: string;
  /** A path that is a file system of its own on each node. */
  readonly local: string;
  /** Where Slurm's controller keeps what it knows about jobs. */
  readonly state: string;
  /** Runs a program where users log in, as a user who is not root; what it wrote to standard output. */
  user(program: string, args: readonly string[], options?: UserOptions): Promise<string>;
  /** The same as root: what an administrator does. */
  admin(program: string, args: readonly string[]): Promise<string>;
  /** Starts a node, anew if it was lost, and waits until Slurm may use it. */
  startNode(name: NodeName): Promise<void>;
  /** Ends everything on a node at once, and its network with it. */
  loseNode(name: NodeName): Promise<void>;
  /** Pulls a node's network cable, or plugs it in. */
  setLink(name: NodeName, to: 'down' | 'up'): Promise<void>;
}

const here = import.meta.dirname;
const nobody = 65_534;
const patience = { timeout: 60_000, interval: 100 };
const namespaces = ['--net', '--uts', '--mount', '--pid'];

/** Starts the controller and three nodes in namespaces below the scratch folder. Slurm must be installed. */
export async function startCluster(scratch: Scratch): Promise<SlurmCluster> {
  const folder = scratch.path;
  layOut(folder);
  const env = { PATH: '/usr/sbin:/usr/bin:/sbin:/bin', TMPDIR: scratch.env['TMPDIR'] };
  const start = (name: string, [program = '', ...args]: readonly string[]): ChildProcess => {
    const output = openSync(join(folder, 'log', `start-${name}`), 'a');
    return spawn(program, args, { env, stdio: ['ignore', output, output] });
  };
  // However this process ends, the cluster does not outlive it.
  const log = (name: string): string =>
    ['start', 'slurmd'].map((what) => read(join(folder, 'log', `${what}-${name}`))).join('\n');
  const isolate = [
    'setpriv',
    '--pdeathsig=KILL',
    'unshare',
    ...namespaces,
    '--fork',
    '--kill-child',
    '--mount-proc',
  ];
  const head = start('head', [...isolate, 'bash', join(here, 'head.sh'), folder, root]);
  const [init = 0] = await vi.waitFor(() => childrenOf(head.pid ?? 0, 1), patience);
  const inside = ['nsenter', `--target=${init}`, ...namespaces];
  const admin = ([...command]: readonly string[]): Promise<string> =>
    run('nsenter', [...inside.slice(1), 'env', '-i', ...assignments(env), ...command]);
  const pidOf = (name: NodeName): string => readFileSync(join(folder, 'pids', name), 'utf8').trim();
  const addresses = { n1: '10.77.0.11', n2: '10.77.0.12', n3: '10.77.0.13' };

  const cluster: SlurmCluster = {
    project: join(folder, 'project'),
    local: join(folder, 'local'),
    state: join(folder, 'state'),
    user: (program, args, { env: more = {}, directory = join(folder, 'project') } = {}) => {
      const login = { ...env, HOME: join(folder, 'home'), ...more };
      const as = ['setpriv', `--reuid=${nobody}`, `--regid=${nobody}`, '--clear-groups'];
      const where = [...inside.slice(1), `--wd=${directory}`];
      return run('nsenter', [
        ...where,
        ...as,
        'env',
        '-i',
        ...assignments(login),
        program,
        ...args,
      ]);
    },
    admin: (program, args) => admin([program, ...args]),
    startNode: async (name) => {
      start(name, [...inside, 'bash', join(here, 'start-node.sh'), folder, name, addresses[name]]);
      await vi.waitFor(async () => {
        const state = await admin(['sinfo', '--noheader', '--nodes', name, '--format', '%T']);
        if (state.trim() !== 'idle') throw new Error(`${name} is ${state}: ${log(name)}`);
      }, patience);
    },
    loseNode: async (name) => {
      await admin(['kill', '-KILL', pidOf(name)]);
    },
    setLink: async (name, to) => {
      await admin(['ip', 'link', 'set', `to-${name}`, to]);
    },
    async [Symbol.asyncDispose]() {
      // The first process of a namespace takes all others along, those in namespaces below it too.
      process.kill(init, 'SIGKILL');
      if (head.exitCode === null && head.signalCode === null) await once(head, 'exit');
    },
  };
  try {
    await vi.waitFor(() => admin(['scontrol', 'ping']), patience);
    for (const name of ['n1', 'n2', 'n3'] as const) await cluster.startNode(name);
    return cluster;
  } catch (error) {
    await cluster[Symbol.asyncDispose]();
    throw error;
  }
}

function layOut(folder: string): void {
  chmodSync(folder, 0o755);
  chmodSync(join(folder, 'tmp'), 0o1777);
  const ours = ['etc', 'log', 'pids', 'state', 'local', 'paceline'];
  const users = ['project', 'home'];
  for (const name of [...ours, ...users]) mkdirSync(join(folder, name));
  for (const name of users) chownSync(join(folder, name), nobody, nobody);
  const conf = readFileSync(join(here, 'slurm.conf'), 'utf8');
  writeFileSync(join(folder, 'etc/slurm.conf'), conf.replaceAll('FOLDER', folder));
  const hosts = ['127.0.0.1 localhost', '10.77.0.1 head'];
  const nodes = [1, 2, 3].map((i) => `10.77.0.1${i} n${i}`);
  writeFileSync(join(folder, 'hosts'), `${[...hosts, ...nodes].join('\n')}\n`);
  writeFileSync(join(folder, 'munge.key'), randomBytes(1024), { mode: 0o600 });
  symlinkSync(join(folder, 'paceline/node_modules'), join(folder, 'project/node_modules'));
  if (!existsSync('/etc/slurm')) mkdirSync('/etc/slurm');
}

function read(path: string): string {
  return existsSync(path) ? readFileSync(path, 'utf8') : '';
}

function assignments(env: Readonly<Record<string, string | undefined>>): readonly string[] {
  return Object.entries(env).map(([name, value]) => `${name}=${value ?? ''}`);
}

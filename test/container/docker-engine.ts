import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { run, type RunOptions } from './run.ts';

/** A Docker engine for one test file: nothing of it is shared with an engine that the machine may already run. */
export interface DockerEngine {
  /** Its address, as `DOCKER_HOST` wants it. */
  readonly host: string;
  /** A folder for whatever the test needs; gone with the engine. */
  readonly folder: string;
  /** Runs Docker's command line against it. */
  docker(args: readonly string[], options?: RunOptions): Promise<string>;
  /** Ends every container, the engine (its own process only), and removes its folders. */
  stop(): Promise<void>;
}

// By path: elsewhere there may be another client, which cannot drive BuildKit.
const client = '/usr/bin/docker';
const daemon = '/usr/sbin/dockerd';
const programs = [client, daemon, '/usr/sbin/iptables', '/bin/busybox'];
const packages = ['docker.io', 'iptables', 'busybox-static'];

const startMs = 60_000;
const stopMs = 30_000;

/** Whether an engine can be installed and started here: it takes root and Debian's package manager. */
export const canRunEngine = (): boolean =>
  process.platform === 'linux' && process.getuid?.() === 0 && existsSync('/usr/bin/apt-get');

/** Installs the engine (10 s, the first time) and starts it (1 s). Whoever calls this must `stop` it. */
export const startDockerEngine = async (): Promise<DockerEngine> => {
  await install();
  const folder = await mkdtemp(join(tmpdir(), 'paceline-docker-'));
  const host = `unix://${folder}/docker.sock`;
  const config = join(folder, 'config');
  await mkdir(config);
  const engine = await startDaemon(folder, host);
  const docker: DockerEngine['docker'] = (args, options) =>
    run(client, args, {
      ...options,
      env: { ...options?.env, DOCKER_HOST: host, DOCKER_CONFIG: config },
    });
  return {
    host,
    folder,
    docker,
    stop: async () => {
      try {
        await removeContainers(docker);
      } finally {
        await stopDaemon(engine);
        await rm(folder, { recursive: true, force: true });
      }
    },
  };
};

const install = async (): Promise<void> => {
  if (programs.every((path) => existsSync(path))) return;
  const env = { DEBIAN_FRONTEND: 'noninteractive' };
  const args = ['install', '--yes', '--no-install-recommends', ...packages];
  try {
    await run('apt-get', args, { env });
  } catch {
    // The lists of packages may be absent, or older than the mirror.
    await run('apt-get', ['update'], { env });
    await run('apt-get', args, { env });
  }
};

const startDaemon = async (folder: string, host: string): Promise<ChildProcess> => {
  const child = spawn(
    daemon,
    [
      ...['--host', host, '--data-root', join(folder, 'data'), '--exec-root', join(folder, 'exec')],
      ...['--pidfile', join(folder, 'dockerd.pid')],
      // The containers talk on a bridge of their own; the machine's firewall and routing stay as they are.
      ...['--bridge=none', '--iptables=false', '--ip6tables=false', '--ip-forward=false'],
    ],
    { stdio: ['ignore', 'ignore', 'pipe'] },
  );
  // However this process ends, the engine does not outlive it.
  process.once('exit', () => child.kill());
  try {
    await listening(child);
    return child;
  } catch (error) {
    await stopDaemon(child);
    await rm(folder, { recursive: true, force: true });
    throw error;
  }
};

/** Waits for the line with which the engine says that it listens; its other lines are read away. */
const listening = (child: ChildProcess): Promise<void> =>
  new Promise((resolve, reject) => {
    const lines: string[] = [];
    const fail = (why: string): void =>
      reject(new Error(`${why}:\n${lines.slice(-20).join('\n')}`));
    const timer = setTimeout(() => fail('the Docker engine does not start'), startMs);
    child.once('error', reject);
    child.once('exit', () => fail('the Docker engine ended'));
    if (child.stderr === null) return;
    createInterface({ input: child.stderr }).on('line', (line) => {
      lines.push(line);
      if (!line.includes('API listen on')) return;
      clearTimeout(timer);
      resolve();
    });
  });

const removeContainers = async (docker: DockerEngine['docker']): Promise<void> => {
  const ids = (await docker(['ps', '--all', '--quiet'])).split('\n').filter((id) => id !== '');
  if (ids.length > 0) await docker(['rm', '--force', '--volumes', ...ids]);
  // A network is a bridge of the machine's, and would outlive the engine.
  await docker(['network', 'prune', '--force']);
};

const stopDaemon = async (child: ChildProcess): Promise<void> => {
  if (child.exitCode !== null || child.signalCode !== null || child.pid === undefined) return;
  const ended = once(child, 'exit');
  const timer = setTimeout(() => child.kill('SIGKILL'), stopMs);
  child.kill('SIGTERM');
  await ended;
  clearTimeout(timer);
};

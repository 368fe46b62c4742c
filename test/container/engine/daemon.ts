import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { installPackages } from '../../support/debian.ts';

/** By path: elsewhere there may be another client, which cannot drive BuildKit. */
export const client = '/usr/bin/docker';
const daemon = '/usr/sbin/dockerd';

const startMs = 60_000;
const stopMs = 30_000;

/** Installs the engine, its client and a shell for images: 10 s, the first time. */
export const installEngine = (): Promise<void> =>
  installPackages({
    packages: ['docker.io', 'iptables', 'busybox-static'],
    programs: [client, daemon, '/usr/sbin/iptables', '/bin/busybox'],
  });

/** Starts a daemon that keeps all that it has below `folder`, and listens at `host`: 1 s. */
export const startDaemon = async (folder: string, host: string): Promise<ChildProcess> => {
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

/** Ends that process and no other. */
export const stopDaemon = async (child: ChildProcess): Promise<void> => {
  if (child.exitCode !== null || child.signalCode !== null || child.pid === undefined) return;
  const ended = once(child, 'exit');
  const timer = setTimeout(() => child.kill('SIGKILL'), stopMs);
  child.kill('SIGTERM');
  await ended;
  clearTimeout(timer);
};

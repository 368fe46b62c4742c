import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { hostname } from 'node:os';

/** A process, told apart from a later one with the same number, and from one on another machine that shares the folder. */
export interface Owner {
  readonly pid: number;
  /** When the process started, in whatever unit the system has; empty where it cannot be told. */
  readonly started: string;
  /** Digest of the host's name. */
  readonly host: string;
}

/** `unknown` for a process on another machine: only its traces' age can tell. */
export type Liveness = 'alive' | 'dead' | 'unknown';

/** This process. */
export function thisOwner(): Owner {
  return { pid: process.pid, started: startTime(process.pid) ?? '', host: thisHost() };
}

/** Whether the owner still runs. Blocks for a few microseconds (macOS: milliseconds, for a process). */
export function ownerLiveness(owner: Owner): Liveness {
  if (owner.host !== thisHost()) {
    return 'unknown';
  }
  if (!isRunning(owner.pid)) {
    return 'dead';
  }
  const started = startTime(owner.pid);
  const isAnother = started !== undefined && owner.started !== '' && started !== owner.started;
  return isAnother ? 'dead' : 'alive';
}

function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    // EPERM: it runs, as somebody else.
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}

function startTime(pid: number): string | undefined {
  try {
    return process.platform === 'linux' ? linuxStartTime(pid) : otherStartTime(pid);
  } catch {
    return undefined;
  }
}

/** Field 22 of /proc/PID/stat (proc(5)): clock ticks since boot. The name in field 2 may hold spaces and brackets. */
function linuxStartTime(pid: number): string | undefined {
  const text = readFileSync(`/proc/${String(pid)}/stat`, 'latin1');
  return text.slice(text.lastIndexOf(')') + 2).split(' ')[19];
}

function otherStartTime(pid: number): string {
  const text = execFileSync('ps', ['-o', 'lstart=', '-p', String(pid)], {
    encoding: 'utf8',
    timeout: 2000,
    stdio: ['ignore', 'pipe', 'ignore'],
    env: { ...process.env, LC_ALL: 'C', TZ: 'UTC' },
  });
  return shortDigest(text.trim());
}

function thisHost(): string {
  return shortDigest(hostname());
}

function shortDigest(text: string): string {
  return createHash('sha256').update(text).digest('hex').slice(0, 8);
}

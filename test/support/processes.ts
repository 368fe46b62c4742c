import { spawn } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { createInterface } from 'node:readline';

import { within } from './deadline.ts';

/** A process that a test started. */
export interface TestProcess {
  readonly pid: number;
  /** Complete lines of standard output so far. */
  readonly lines: readonly string[];
  /** Standard error so far. */
  readonly errors: () => string;
  /** The exit code, once the process ended. */
  readonly ended: Promise<number>;
  /** The exit code, which has to come within the deadline; 128 + the signal's number when a signal ended it, as a shell says it. */
  exit(deadlineMs?: number): Promise<number>;
  /** Sends a signal to this process alone; does nothing when it is gone. */
  kill(signal: NodeJS.Signals): void;
}

export interface ProcessOptions {
  readonly args: readonly string[];
  /** The whole environment. */
  readonly env: NodeJS.ProcessEnv;
  readonly directory: string;
  /** Called for each line of standard output. */
  readonly onLine?: (line: string) => void;
}

/** Nothing that a test does takes longer. */
export const usualDeadlineMs = 90_000;

const signalNumbers: Readonly<Partial<Record<NodeJS.Signals, number>>> = {
  SIGINT: 2,
  SIGKILL: 9,
  SIGTERM: 15,
};

/** Starts Node with `args`. */
export function startNode(options: ProcessOptions): TestProcess {
  const child = spawn(process.execPath, options.args, {
    cwd: options.directory,
    env: options.env,
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const { pid } = child;
  if (pid === undefined) throw new Error(`could not start ${process.execPath}`);
  const lines: string[] = [];
  let errors = '';
  createInterface({ input: child.stdout }).on('line', (line) => {
    lines.push(line);
    options.onLine?.(line);
  });
  child.stderr.setEncoding('utf8').on('data', (text: string) => (errors += text));
  const ended = Promise.withResolvers<number>();
  child.on('close', (code, signal) => {
    ended.resolve(code ?? 128 + (signalNumbers[signal ?? 'SIGKILL'] ?? 0));
  });
  return {
    pid,
    lines,
    errors: () => errors,
    ended: ended.promise,
    exit: (deadlineMs = usualDeadlineMs) =>
      within(ended.promise, deadlineMs, () => `the end of ${options.args.join(' ')}\n${errors}`),
    kill: (signal) => child.kill(signal),
  };
}

/** Processes whose environment has `entry` (`NAME=value`): all that were started, directly or not, with it. Linux only. */
export function processesWith(entry: string): readonly number[] {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .filter((name) => readProc(name, 'environ').split('\0').includes(entry))
    .map(Number);
}

/** Memory of a process that is in RAM, in bytes; 0 once it is gone. Linux only. */
export function residentBytes(pid: number): number {
  const [, kilobytes = '0'] = /^VmRSS:\s+(\d+) kB$/m.exec(readProc(pid, 'status')) ?? [];
  return Number(kilobytes) * 1024;
}

/** Open file descriptors of a process; 0 once it is gone. Linux only. */
export function openFiles(pid: number): number {
  try {
    return readdirSync(`/proc/${pid}/fd`).length;
  } catch {
    return 0;
  }
}

/** Empty for a process that is gone, not ours to read, or a zombie. */
function readProc(pid: number | string, file: string): string {
  try {
    return readFileSync(`/proc/${pid}/${file}`, 'utf8');
  } catch {
    return '';
  }
}

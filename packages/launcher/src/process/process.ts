import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import type { Readable } from 'node:stream';

import type { Clock } from '@paceline/telemetry';

import type { ProcessExit } from './exit.ts';
import { createLastLines } from './last-lines.ts';
import { createLineSplitter } from './line-splitter.ts';
import type { ProcessPlan } from '../plan.ts';

/** V8 writes a stack of some twenty lines after the one that says that memory is short. */
const keptLines = 40;

/** A pipe may outlive its process when a grandchild holds it: then we stop waiting for the last words. */
const lastWordsMs = 500;

/** A process that was started. */
export interface RunningProcess {
  /** `undefined` when it could not be started; `onExit` says why. */
  readonly pid: number | undefined;
  /** Sends the signal; SIGKILL goes to the whole process group. Does nothing once the process is gone. */
  kill(signal: 'SIGTERM' | 'SIGKILL'): void;
}

export interface ProcessHandlers {
  /** One line of standard output; `true` says that it was data and is not to be kept as a last word. */
  onOutput(line: string): boolean;
  /** One line of standard error. */
  onLog(line: string): void;
  /** Called once, after the last line. */
  onExit(exit: ProcessExit): void;
}

/**
 * Starts a process in a group of its own: Ctrl-C at the terminal reaches the launcher alone, which decides
 * what it means. Its standard input is empty, its output comes line by line.
 */
export function startProcess(
  plan: ProcessPlan,
  clock: Clock,
  handlers: ProcessHandlers,
): RunningProcess {
  const child = spawn(plan.command, plan.args, {
    detached: true,
    stdio: ['ignore', 'pipe', 'pipe'],
    env: { ...process.env, ...plan.env },
  });
  const lastLines = createLastLines(keptLines);
  readLines(child.stdout, (line) => {
    if (!handlers.onOutput(line)) lastLines.push(line);
  });
  readLines(child.stderr, (line) => {
    lastLines.push(line);
    handlers.onLog(line);
  });
  const ended = watchEnd(child, clock, (exit) => {
    const pid = child.pid === undefined ? {} : { pid: child.pid };
    handlers.onExit({ ...pid, ...exit, lastLines: lastLines.list() });
  });
  return {
    pid: child.pid,
    kill: (signal) => {
      if (!ended() && child.pid !== undefined) sendSignal(child.pid, signal);
    },
  };
}

function readLines(stream: Readable, onLine: (line: string) => void): void {
  const splitter = createLineSplitter(onLine);
  stream.on('data', (chunk: Uint8Array) => {
    splitter.write(chunk);
  });
  stream.on('end', () => {
    splitter.end();
  });
}

function watchEnd(
  child: ChildProcess,
  clock: Clock,
  onExit: (exit: Omit<ProcessExit, 'lastLines'>) => void,
): () => boolean {
  let exited = false;
  let told = false;
  const tell = (exit: Omit<ProcessExit, 'lastLines'>): void => {
    exited = true;
    if (told) return;
    told = true;
    onExit(exit);
  };
  child.on('error', (error) => {
    if (child.pid === undefined) tell({ code: null, signal: null, spawnError: error.message });
  });
  child.on('exit', (code, signal) => {
    exited = true;
    const cancel = clock.setTimer(lastWordsMs, () => {
      tell({ code, signal });
    });
    child.on('close', () => {
      cancel();
      tell({ code, signal });
    });
  });
  return () => exited;
}

function sendSignal(pid: number, signal: 'SIGTERM' | 'SIGKILL'): void {
  try {
    process.kill(signal === 'SIGKILL' ? -pid : pid, signal);
  } catch {
    // It ended a moment ago; `exit` is about to say so.
  }
}

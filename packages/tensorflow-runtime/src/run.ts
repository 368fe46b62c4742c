import { spawn } from 'node:child_process';

/** Where and how long a program runs. */
export interface RunOptions {
  readonly cwd?: string;
  /** Added to this process's environment. */
  readonly env?: NodeJS.ProcessEnv;
  readonly signal?: AbortSignal | undefined;
  readonly timeoutMs?: number;
}

/** How a program ended. `output` holds the last lines of what it wrote, both streams as they came. */
export interface RunResult {
  /** Undefined if it could not be started or was ended by a signal. */
  readonly code: number | undefined;
  readonly output: string;
  readonly stdout: string;
  /** `not-found`: there is no such program. `timeout`: it took longer than allowed. `aborted`: the caller's signal. */
  readonly problem: 'none' | 'not-found' | 'timeout' | 'aborted' | 'crashed';
}

const keptBytes = 64 * 1024;

/**
 * Runs a program to its end, with its output kept and no input. Never throws: how it ended is in the result.
 * It gets a process group of its own, so that a time-out or the caller's signal ends its children with it.
 */
export async function run(
  command: string,
  args: readonly string[],
  options: RunOptions = {},
): Promise<RunResult> {
  if (options.signal?.aborted === true) {
    return { code: undefined, output: '', stdout: '', problem: 'aborted' };
  }
  const child = spawn(command, args, {
    stdio: ['ignore', 'pipe', 'pipe'],
    detached: true,
    env: { ...process.env, ...options.env },
    ...(options.cwd === undefined ? {} : { cwd: options.cwd }),
  });
  let ended: 'timeout' | 'aborted' | undefined;
  const end = (why: 'timeout' | 'aborted'): void => {
    ended ??= why;
    killGroup(child.pid);
  };
  const timer =
    options.timeoutMs === undefined
      ? undefined
      : setTimeout(() => {
          end('timeout');
        }, options.timeoutMs);
  const onAbort = (): void => {
    end('aborted');
  };
  const onExit = (): void => {
    killGroup(child.pid);
  };
  options.signal?.addEventListener('abort', onAbort);
  process.on('exit', onExit);
  let output = '';
  let stdout = '';
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    stdout = (stdout + text).slice(-keptBytes);
    output = (output + text).slice(-keptBytes);
  });
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    output = (output + text).slice(-keptBytes);
  });
  const how = await new Promise<{ code: number | null; error?: NodeJS.ErrnoException }>(
    (resolve) => {
      child.on('error', (error) => {
        resolve({ code: null, error });
      });
      child.on('close', (code) => {
        resolve({ code });
      });
    },
  );
  clearTimeout(timer);
  options.signal?.removeEventListener('abort', onAbort);
  process.off('exit', onExit);
  return { code: how.code ?? undefined, output, stdout, problem: ended ?? problemOf(how) };
}

/** The last lines of a program's output, for an error's text. */
export function lastLines(output: string, count = 12): string {
  return output.trimEnd().split('\n').slice(-count).join('\n');
}

function problemOf(how: {
  code: number | null;
  error?: NodeJS.ErrnoException;
}): RunResult['problem'] {
  if (how.error !== undefined) {
    return 'not-found';
  }
  return how.code === null ? 'crashed' : 'none';
}

function killGroup(pid: number | undefined): void {
  if (pid === undefined) {
    return;
  }
  try {
    process.kill(-pid, 'SIGKILL');
  } catch {
    // It has ended already.
  }
}

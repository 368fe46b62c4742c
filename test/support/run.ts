import { execFile } from 'node:child_process';
import { promisify } from 'node:util';

export interface RunOptions {
  /** Added to this process's environment. */
  readonly env?: NodeJS.ProcessEnv;
  readonly cwd?: string;
  /** 3 minutes unless given; the program is ended then. */
  readonly timeoutMs?: number;
}

const bufferBytes = 64 * 1024 * 1024;

/**
 * Runs a program that must succeed, and gives what it wrote to standard output.
 *
 * @throws Error with all that it wrote
 */
export const run = async (
  program: string,
  args: readonly string[],
  { env = {}, cwd, timeoutMs = 180_000 }: RunOptions = {},
): Promise<string> => {
  const options = {
    env: { ...process.env, ...env },
    ...(cwd === undefined ? {} : { cwd }),
    timeout: timeoutMs,
    maxBuffer: bufferBytes,
  };
  try {
    return (await promisify(execFile)(program, args, options)).stdout;
  } catch (error) {
    const { stdout = '', stderr = '' } = error as { stdout?: string; stderr?: string };
    const words = [program, ...args].join(' ');
    throw new Error(`${words} failed:\n${stdout}\n${stderr}`, { cause: error });
  }
};

import { exitCodes, JobError } from '@paceline/protocol';
import { LauncherError } from '@paceline/launcher';
import { CommanderError } from 'commander';
import type { Command } from 'commander';

import { PacelineError } from '../errors.ts';

/**
 * Runs a command line and gives its exit code. What the user did wrong is one clear message and code 2; only an
 * error that nobody foresaw shows a stack. `args` are those after the program's name.
 */
export async function runProgram(command: Command, args: readonly string[]): Promise<number> {
  throwInsteadOfExit(command);
  try {
    await command.parseAsync(args, { from: 'user' });
    return Number(process.exitCode ?? exitCodes.finished);
  } catch (error) {
    if (error instanceof CommanderError) return error.exitCode === 0 ? 0 : exitCodes.usage;
    process.stderr.write(`${describeError(error)}\n`);
    return isUsersError(error) ? exitCodes.usage : exitCodes.failed;
  }
}

/** Runs a command line as the whole process: arguments from the process, exit code to it. */
export async function runAsMain(command: Command, args = process.argv.slice(2)): Promise<void> {
  // Handles of TensorFlow's or a job's may be left: the work is done all the same.
  process.exit(await runProgram(command, args));
}

function throwInsteadOfExit(command: Command): void {
  command.exitOverride();
  for (const sub of command.commands) throwInsteadOfExit(sub);
}

function isUsersError(error: unknown): boolean {
  return error instanceof PacelineError || error instanceof JobError;
}

/** One sentence where the error explains itself, the whole stack where it does not. */
export function describeError(error: unknown): string {
  if (isUsersError(error) || error instanceof LauncherError) return `error: ${messageOf(error)}`;
  if (error instanceof Error && hasStableCode(error)) return `error: ${error.message}`;
  return error instanceof Error ? (error.stack ?? error.message) : String(error);
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

// Every package of ours gives its errors a lower-case code; Node's are upper-case.
function hasStableCode(error: Error): boolean {
  return 'code' in error && typeof error.code === 'string' && /^[a-z]+(-[a-z]+)*$/.test(error.code);
}

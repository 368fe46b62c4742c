import { exitCodes } from '@paceline/protocol';
import type { Command } from 'commander';

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
    const told = commanderExit(error);
    if (told !== undefined) return told === 0 ? exitCodes.finished : exitCodes.usage;
    process.stderr.write(`${describeError(error)}\n`);
    return exitCodeOf(error);
  }
}

/** Runs a command line as the whole process: arguments from the process, exit code to it. */
export async function runAsMain(
  command: Command,
  args: readonly string[] = process.argv.slice(2),
): Promise<void> {
  // Handles of TensorFlow's or a job's may be left: the work is done all the same.
  process.exit(await runProgram(command, args));
}

function throwInsteadOfExit(command: Command): void {
  command.exitOverride();
  for (const sub of command.commands) throwInsteadOfExit(sub);
}

/**
 * The exit code with which commander wanted to end the process, after it said why. By structure: a command may come
 * from another copy of commander, whose classes are not ours.
 */
function commanderExit(error: unknown): number | undefined {
  const isCommanders =
    error instanceof Error &&
    'code' in error &&
    typeof error.code === 'string' &&
    error.code.startsWith('commander.') &&
    'exitCode' in error;
  return isCommanders ? Number(error.exitCode) : undefined;
}

/**
 * Names of the errors that the user can mend: a wrong job, address or flag, data or a backend that are not there. By
 * name, because the classes of the training package must not be loaded to ask.
 */
const usersErrors = [
  'PacelineError',
  'JobError',
  'TrainingError',
  'BackendError',
  'UnsupportedGradientError',
  'TransportError',
  'TokenError',
];

/**
 * Likewise single errors of the server: what was asked for makes no sense to it, or not at this moment; checkpoints are
 * of another job, of another release, or in a folder that cannot be used.
 */
const usersCodes = [
  'server-refused',
  'token-needed',
  'other-job',
  'checkpoints-unusable',
  'checkpoint-format',
];

function exitCodeOf(error: unknown): number {
  if (!(error instanceof Error)) return exitCodes.failed;
  if ('code' in error && error.code === 'server-unreachable') return exitCodes.unreachable;
  if ('code' in error && usersCodes.includes(String(error.code))) return exitCodes.usage;
  return usersErrors.includes(error.name) ? exitCodes.usage : exitCodes.failed;
}

/** One sentence where the error explains itself, the whole stack where it does not. */
export function describeError(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  return hasStableCode(error) ? `error: ${error.message}` : (error.stack ?? error.message);
}

// Every package of ours gives its errors a lower-case code; Node's are upper-case.
function hasStableCode(error: Error): boolean {
  return 'code' in error && typeof error.code === 'string' && /^[a-z]+(-[a-z]+)*$/.test(error.code);
}

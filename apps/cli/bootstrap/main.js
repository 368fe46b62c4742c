import { join } from 'node:path';
import { prepareBackend } from './backend.js';
import { installPackages } from './packages.js';
import { chooseNode, paceline, runProgram } from './program.js';
import { root } from './root.js';
import { BootstrapError, say } from './words.js';

/**
 * Makes the repository ready (packages, Node 24, native backend; each only when needed) and runs the command.
 * Sets the process's exit code: that of the command, or 1 with a sentence when something could not be made ready.
 * @param {string | undefined} command `start`, `test` or `setup`
 * @param {readonly string[]} args passed on
 */
export async function bootstrap(command, args) {
  try {
    process.exitCode = await perform(command, args);
  } catch (error) {
    if (!(error instanceof BootstrapError)) {
      throw error;
    }
    say(error.message);
    process.exitCode = error.exitCode;
  }
}

async function perform(command, args) {
  if (!['start', 'test', 'setup'].includes(command)) {
    throw new BootstrapError('Usage: run.js start|test|setup [arguments]', 2);
  }
  await installPackages();
  const node = chooseNode();
  if (command === 'setup') {
    return prepareBackend(node, { args, always: true });
  }
  const setupCode = await prepareBackend(node, { args: [], always: false });
  if (setupCode !== 0) {
    return setupCode;
  }
  return runProgram(node, command === 'start' ? startArguments(args) : testArguments(args));
}

function startArguments(args) {
  return [...paceline, 'train', 'mnist-mlp', '--workers', '2', ...args];
}

/** The one place that knows where the test gate is. */
function testArguments(args) {
  return [join(root, 'test', 'run.js'), ...args];
}

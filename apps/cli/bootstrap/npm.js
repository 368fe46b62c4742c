import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { root } from './root.js';
import { BootstrapError } from './words.js';

/**
 * Runs npm in the repository's folder with its output kept back.
 * @param {readonly string[]} args
 * @returns {Promise<{ code: number, output: string }>}
 */
export async function runNpm(args) {
  const { program, first } = npmCommand();
  const child = spawn(program, [...first, ...args], {
    cwd: root,
    stdio: ['ignore', 'pipe', 'pipe'],
    shell: process.platform === 'win32' && first.length === 0,
  });
  let output = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding('utf8').on('data', (text) => {
      output = (output + text).slice(-100_000);
    });
  }
  const stop = (signal) => child.kill(signal);
  process.on('SIGINT', stop).on('SIGTERM', stop);
  const ending = await new Promise((resolve) => {
    child.on('error', (error) => resolve({ error }));
    child.on('close', (code, signal) => resolve({ code, signal }));
  });
  process.off('SIGINT', stop).off('SIGTERM', stop);
  if (ending.error !== undefined) {
    throw new BootstrapError(
      'npm was not found. It comes with Node; start with `npm start` instead of `node`.',
    );
  }
  if (ending.signal !== null) {
    throw new BootstrapError(
      'The installation was interrupted.',
      ending.signal === 'SIGTERM' ? 143 : 130,
    );
  }
  return { code: ending.code, output };
}

/** npm says where it is to the scripts that it runs. */
function npmCommand() {
  const path = process.env.npm_execpath ?? '';
  return path.endsWith('npm-cli.js') && existsSync(path)
    ? { program: process.execPath, first: [path] }
    : { program: process.platform === 'win32' ? 'npm.cmd' : 'npm', first: [] };
}

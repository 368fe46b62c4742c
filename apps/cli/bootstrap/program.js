import { spawn, spawnSync } from 'node:child_process';
import { existsSync, realpathSync } from 'node:fs';
import { constants } from 'node:os';
import { delimiter, dirname, join } from 'node:path';
import { root } from './root.js';
import { BootstrapError } from './words.js';

/** Arguments for Node that stand for the command `paceline`, run from its sources. */
export const paceline = [
  '--conditions=paceline-source',
  join(root, 'apps', 'cli', 'src', 'main.ts'),
];

const binaries = join(root, 'node_modules', '.bin');
/** The same signal twice within this time is one: the terminal sends it to all of the foreground, and npm once more. */
const sameSignalMs = 300;

/** The repository's own Node 24 if it runs here, else the running one if it can run TypeScript. */
export function chooseNode() {
  const own = ownNodes().find((path) => existsSync(path) && (isRunningOne(path) || answers(path)));
  if (own !== undefined) {
    return realpathSync(own);
  }
  const [major = 0, minor = 0] = process.versions.node.split('.').map(Number);
  if (major > 22 || (major === 22 && minor >= 18)) {
    return process.execPath;
  }
  throw new BootstrapError(
    `npm has no Node 24 for this platform (${process.platform}-${process.arch}), and the installed Node ` +
      `${process.versions.node} cannot run TypeScript. Install Node 22.18 or newer, then try again.`,
  );
}

/**
 * Runs a program in the foreground and gives back its exit code (128 + n after signal n).
 *
 * The program gets a process group of its own, so that the terminal's Ctrl-C reaches this process alone, which hands
 * each signal on once.
 * @param {string} node
 * @param {readonly string[]} args
 * @returns {Promise<number>}
 */
export async function runProgram(node, args) {
  const child = spawn(node, args, {
    cwd: process.cwd(),
    stdio: 'inherit',
    detached: process.platform !== 'win32',
    env: { ...process.env, PATH: [dirname(node), binaries, process.env.PATH].join(delimiter) },
  });
  const stopForwarding = forwardSignals(child);
  const ending = await new Promise((resolve) => {
    child.on('error', (error) => resolve({ error }));
    child.on('exit', (code, signal) => resolve({ code, signal }));
  });
  stopForwarding();
  if (ending.error !== undefined) {
    throw new BootstrapError(`${node} could not be started: ${ending.error.message}`);
  }
  return ending.code ?? 128 + constants.signals[ending.signal];
}

function forwardSignals(child) {
  const lastMs = new Map();
  const forward = (signal) => {
    const now = performance.now();
    if (now - (lastMs.get(signal) ?? -Infinity) > sameSignalMs) {
      child.kill(signal);
    }
    lastMs.set(signal, now);
  };
  const signals = ['SIGINT', 'SIGTERM', 'SIGHUP', 'SIGWINCH'].filter(
    (name) => process.platform !== 'win32' || name !== 'SIGHUP',
  );
  for (const signal of signals) {
    process.on(signal, forward);
  }
  return () => {
    for (const signal of signals) {
      process.off(signal, forward);
    }
  };
}

/** npm 10 does not link the binary, since the packages for other platforms claim the same name. */
function ownNodes() {
  const platform = `${process.platform}-${process.arch}`;
  const packages = [`node-${platform}`, `node-bin-${platform}`];
  return packages.map((name) => join(root, 'node_modules', name, 'bin', 'node'));
}

function isRunningOne(path) {
  return realpathSync(path) === realpathSync(process.execPath);
}

/** The package's binary may be for another C library than this system's. */
function answers(node) {
  return spawnSync(node, ['--version'], { stdio: 'ignore' }).status === 0;
}

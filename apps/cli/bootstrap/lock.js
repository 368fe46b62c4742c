import { createHash } from 'node:crypto';
import { linkSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { root } from './root.js';
import { say } from './words.js';

// Outside of node_modules, which npm ci empties.
const path = join(
  tmpdir(),
  `paceline-${createHash('sha256').update(root).digest('hex').slice(0, 16)}.lock`,
);

/**
 * Runs the work while no other process of this machine runs any for the same folder. A holder that was killed holds
 * nothing.
 * @param {string} what the other's work, in words
 * @param {() => Promise<void>} work
 */
export async function withLock(what, work) {
  let hasTold = false;
  while (!take()) {
    const holder = readHolder();
    if (holder !== undefined && !isRunning(holder)) {
      rmSync(path, { force: true });
      continue;
    }
    if (!hasTold && holder !== undefined) {
      say(`Waiting for ${what} (process ${holder})`);
      hasTold = true;
    }
    await setTimeout(200);
  }
  try {
    await work();
  } finally {
    rmSync(path, { force: true });
  }
}

/** With its content from the first instant: a link to a finished file. */
function take() {
  const draft = `${path}.${process.pid}`;
  writeFileSync(draft, String(process.pid));
  try {
    linkSync(draft, path);
    return true;
  } catch (error) {
    if (error.code === 'EEXIST') {
      return false;
    }
    throw error;
  } finally {
    rmSync(draft, { force: true });
  }
}

function readHolder() {
  try {
    return Number(readFileSync(path, 'utf8'));
  } catch {
    return undefined;
  }
}

function isRunning(pid) {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return error.code === 'EPERM';
  }
}

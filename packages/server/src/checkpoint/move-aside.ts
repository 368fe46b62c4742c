import { readdirSync, renameSync } from 'node:fs';
import { join } from 'node:path';
import { syncFolder } from './files.ts';
import { parseFolderName } from './folder-names.ts';

/** Gives a damaged checkpoint a name that nobody takes for a checkpoint. Gives that name. Blocks. */
export function moveAside(folder: string, name: string): string {
  const numbers = readdirSync(folder)
    .map(parseFolderName)
    .map((other) => (other?.kind === 'damaged' ? other.number : 0));
  // Numbered over the whole folder: the smallest number is the oldest.
  const aside = `${name}.damaged-${String(Math.max(0, ...numbers) + 1)}`;
  renameSync(join(folder, name), join(folder, aside));
  syncFolder(folder);
  return aside;
}

import { randomBytes } from 'node:crypto';
import { realpathSync } from 'node:fs';
import { mkdir, readdir, rename, rm, symlink } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { addonPlace, libraryPlace, type CacheEntry } from './cache.ts';
import { UnwritableError } from './errors.ts';
import type { TfjsNode } from './find.ts';

/**
 * Puts symbolic links to the entry's files where tfjs-node and its addon look for them. Each link appears by a rename,
 * so that nobody sees a missing one; what lay there before is replaced.
 */
export async function linkEntry(entry: CacheEntry, tfjsNode: TfjsNode): Promise<void> {
  const libraries = (await readdir(join(entry.directory, libraryPlace))).map((name) =>
    join(libraryPlace, name),
  );
  try {
    // The addon last: where it is, all is there.
    for (const place of [...libraries, addonPlace]) {
      await linkFile(join(entry.directory, place), join(tfjsNode.directory, place));
    }
  } catch (error) {
    throw new UnwritableError('link', tfjsNode.directory, error);
  }
}

/** Whether the addon that tfjs-node would load is the entry's. */
export function isLinked(entry: CacheEntry, tfjsNode: TfjsNode): boolean {
  try {
    return realpathSync(tfjsNode.addonPath) === realpathSync(entry.addonPath);
  } catch {
    return false;
  }
}

async function linkFile(target: string, path: string): Promise<void> {
  await mkdir(dirname(path), { recursive: true });
  const draft = `${path}.${randomBytes(4).toString('hex')}`;
  await symlink(target, draft);
  try {
    await rename(draft, path);
  } catch (error) {
    await rm(draft, { force: true });
    throw error;
  }
}

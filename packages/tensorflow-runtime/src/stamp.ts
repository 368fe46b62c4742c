import { createHash, randomBytes } from 'node:crypto';
import { readFileSync, realpathSync, statSync } from 'node:fs';
import { mkdir, rename, rm, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { describeCpu } from './cpu.ts';

/** What is remembered of an addon that was tried, so that the next start need not pay for trying it. */
export type Stamp =
  | { readonly works: true; readonly version: string }
  | { readonly works: false; readonly why: string };

/**
 * What is remembered of this very addon file (by place, inode, size and time), with this Node on this kind of
 * processor; undefined if it was never tried or has changed since. Blocks for a fraction of a millisecond.
 */
export function readStamp(cache: string, addonPath: string): Stamp | undefined {
  try {
    return JSON.parse(readFileSync(stampPath(cache, addonPath), 'utf8')) as Stamp;
  } catch {
    return undefined;
  }
}

/** Remembers. Where the cache cannot be written nothing is remembered, and every start tries anew. */
export async function writeStamp(cache: string, addonPath: string, stamp: Stamp): Promise<void> {
  try {
    const path = stampPath(cache, addonPath);
    const draft = `${path}.${randomBytes(4).toString('hex')}`;
    await mkdir(dirname(path), { recursive: true });
    await writeFile(draft, JSON.stringify(stamp));
    await rename(draft, path);
  } catch {
    // The worst of it: half a second at the next start.
  }
}

/** Forgets. */
export async function removeStamp(cache: string, addonPath: string): Promise<void> {
  try {
    await rm(stampPath(cache, addonPath), { force: true });
  } catch {
    // No addon, no stamp.
  }
}

function stampPath(cache: string, addonPath: string): string {
  const path = realpathSync(addonPath);
  const { ino, size, mtimeMs } = statSync(path);
  const facts = [path, ino, size, mtimeMs, process.version, describeCpu()];
  return join(
    cache,
    'stamps',
    `${createHash('sha256').update(JSON.stringify(facts)).digest('hex').slice(0, 24)}.json`,
  );
}

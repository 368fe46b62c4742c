import { createHash, randomBytes } from 'node:crypto';
import { readdirSync, readFileSync, statSync } from 'node:fs';
import { mkdir, readdir, rename, rm, stat, statfs, writeFile } from 'node:fs/promises';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { DiskFullError, UnwritableError } from './errors.ts';
import type { Liveness, Owner } from './owner.ts';
import { recipeVersion, type Platform } from './platform.ts';

/**
 * A complete result: the folders `lib/napi-v8` (the addon) and `deps/lib` (the libraries) as tfjs-node wants them, and
 * `entry.json`, which lists them with their sizes.
 */
export interface CacheEntry {
  readonly directory: string;
  readonly addonPath: string;
  readonly tensorflowVersion: string;
}

/** Where tfjs-node looks for its addon, relative to its folder; every Node since 12.19 has Node-API 8. */
export const addonPlace: string = join('lib', 'napi-v8', 'tfjs_binding.node');
/** Where the addon looks for the libraries, relative to the same folder. */
export const libraryPlace: string = join('deps', 'lib');

const entryFile = 'entry.json';
/** A half-made folder whose maker cannot be asked is swept after this time. */
const forgottenMs = 24 * 3_600_000;

/** The folder of this cache: `$PACELINE_CACHE`, else `$XDG_CACHE_HOME/paceline`, else `~/.cache/paceline`. */
export function cacheDirectory(environment: NodeJS.ProcessEnv = process.env): string {
  const chosen = environment['PACELINE_CACHE'];
  if (chosen !== undefined && chosen !== '') {
    return join(chosen, 'tensorflow');
  }
  const base = environment['XDG_CACHE_HOME'];
  return join(
    base === undefined || base === '' ? join(homedir(), '.cache') : base,
    'paceline',
    'tensorflow',
  );
}

/**
 * The name of what is built from this addon source for this platform: it changes with anything that changes the
 * result, so that an old result is never taken for a new one.
 */
export function entryKey(
  platform: Platform,
  tfjsNode: { readonly directory: string; readonly version: string },
): string {
  const hash = createHash('sha256').update(JSON.stringify([recipeVersion, platform.wheel ?? null]));
  for (const [name, content] of addonSources(tfjsNode.directory)) {
    hash.update(`${name}\n`).update(content);
  }
  const tensorflow = platform.wheel === undefined ? 'own' : `tensorflow-${platform.wheel.version}`;
  return `${tensorflow}-tfjs-node-${tfjsNode.version}-${platform.name}-${hash.digest('hex').slice(0, 12)}`;
}

/** The complete entry of this name, or undefined. By stat alone: well under a millisecond. */
export function findEntry(cache: string, key: string): CacheEntry | undefined {
  const directory = join(cache, key);
  try {
    const entry = JSON.parse(readFileSync(join(directory, entryFile), 'utf8')) as EntryFile;
    const isWhole = entry.files.every(
      ({ path, bytes }) => statSync(join(directory, path)).size === bytes,
    );
    return isWhole
      ? {
          directory,
          addonPath: join(directory, addonPlace),
          tensorflowVersion: entry.tensorflowVersion,
        }
      : undefined;
  } catch {
    return undefined;
  }
}

interface EntryFile {
  readonly tensorflowVersion: string;
  readonly files: readonly { readonly path: string; readonly bytes: number }[];
}

/** A new folder beside the entries, for what is being made; its name tells whose it is. Creates the cache too. */
export async function createWorkDirectory(cache: string, owner: Owner): Promise<string> {
  const name = `making-${String(owner.pid)}-${owner.started || '0'}-${owner.host}-${randomBytes(4).toString('hex')}`;
  const directory = join(cache, name);
  await mkdirs(directory);
  return directory;
}

/** Creates a folder of the cache, or says in words why it cannot. */
export async function mkdirs(directory: string): Promise<void> {
  try {
    await mkdir(directory, { recursive: true });
  } catch (error) {
    throw new UnwritableError('cache', directory, error);
  }
}

/**
 * Makes the work folder's `lib` and `deps` the entry of this name, in one rename. If another set-up was faster, its
 * entry stays and ours goes.
 */
export async function commitEntry(
  work: string,
  cache: string,
  key: string,
  tensorflowVersion: string,
): Promise<void> {
  const made = join(work, 'entry');
  await mkdir(made);
  await rename(join(work, 'lib'), join(made, 'lib'));
  await rename(join(work, 'deps'), join(made, 'deps'));
  const files = await listFiles(made);
  await writeFile(join(made, entryFile), JSON.stringify({ tensorflowVersion, files }));
  if (findEntry(cache, key) !== undefined) {
    return;
  }
  // What lies there and is not a complete entry is in the way of the rename.
  await rm(join(cache, key), { recursive: true, force: true });
  try {
    await rename(made, join(cache, key));
  } catch (error) {
    if (findEntry(cache, key) === undefined) {
      throw error;
    }
  }
}

/** Removes the half-made folders of set-ups that are no more; those of live ones stay. */
export async function sweepCache(
  cache: string,
  liveness: (owner: Owner) => Liveness,
  nowMs: number = Date.now(),
): Promise<readonly string[]> {
  const swept: string[] = [];
  for (const name of await readdir(cache).catch(() => [])) {
    if (await isForgotten(join(cache, name), liveness, nowMs)) {
      await rm(join(cache, name), { recursive: true, force: true });
      swept.push(name);
    }
  }
  return swept;
}

async function isForgotten(
  path: string,
  liveness: (owner: Owner) => Liveness,
  nowMs: number,
): Promise<boolean> {
  const match = /(?:^|\/)making-(\d+)-([0-9a-f]+)-([0-9a-f]{8})-[0-9a-f]{8}$/u.exec(path);
  const [, pid, started, host] = match ?? [];
  if (pid === undefined || started === undefined || host === undefined) {
    return false;
  }
  const life = liveness({ pid: Number(pid), started: started === '0' ? '' : started, host });
  if (life !== 'unknown') {
    return life === 'dead';
  }
  const { mtimeMs } = await stat(path).catch(() => ({ mtimeMs: nowMs }));
  return nowMs - mtimeMs > forgottenMs;
}

/** Throws `DiskFullError` unless the disk of the cache has this much room. */
export async function checkRoom(cache: string, neededBytes: number): Promise<void> {
  const { bavail, bsize } = await statfs(cache);
  const freeBytes = bavail * bsize;
  if (freeBytes < neededBytes) {
    throw new DiskFullError(cache, { neededBytes, freeBytes });
  }
}

function addonSources(tfjsNode: string): readonly (readonly [string, Buffer])[] {
  const folder = join(tfjsNode, 'binding');
  const names = readdirSync(folder).filter((name) => /\.(?:cc|h)$/u.test(name));
  return names.sort().map((name) => [name, readFileSync(join(folder, name))] as const);
}

async function listFiles(directory: string): Promise<EntryFile['files']> {
  const found = await readdir(directory, { recursive: true, withFileTypes: true });
  const paths = found
    .filter((file) => !file.isDirectory())
    .map((file) => join(file.parentPath, file.name));
  return Promise.all(
    paths.sort().map(async (path) => ({
      path: path.slice(directory.length + 1),
      bytes: (await stat(path)).size,
    })),
  );
}

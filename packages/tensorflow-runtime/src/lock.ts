import { randomBytes } from 'node:crypto';
import { link, readFile, rm, stat, utimes, writeFile } from 'node:fs/promises';
import type { Liveness, Owner } from './owner.ts';

/** A held lock. */
export interface Lock {
  release(): Promise<void>;
}

/** Who locks, and how it learns of others. */
export interface LockOptions {
  readonly owner: Owner;
  liveness(owner: Owner): Liveness;
  /** Called once if the lock is held by somebody else. */
  onWait?(holder: Owner): void;
  /** Resolves when it is time to look again; rejects to give up. */
  pause(): Promise<void>;
}

/** A live holder touches its lock this often, for those on other machines, who cannot look at its process. */
const touchMs = 5_000;
/** A lock of an unknown holder that was not touched for so long is nobody's. */
const abandonedMs = 60_000;

/**
 * Waits until the lock file is ours. The file names its holder, and a holder that no longer runs holds nothing, so a
 * killed process never blocks the next one.
 *
 * The lock saves work, it does not protect the cache: results appear there by one rename, so even two holders at
 * once (possible when a process is stopped for a minute while it clears a stale lock) do no harm.
 */
export async function acquireLock(path: string, options: LockOptions): Promise<Lock> {
  let hasTold = false;
  while (!(await create(path, options.owner))) {
    const held = await readHolder(path);
    if (held === undefined) {
      continue;
    }
    if (isStale(held, options)) {
      if (!(await clearStale(path, held.text))) await options.pause();
      continue;
    }
    if (!hasTold && held.owner !== undefined) {
      options.onWait?.(held.owner);
      hasTold = true;
    }
    await options.pause();
  }
  return hold(path, options.owner);
}

interface Holder {
  readonly text: string;
  /** Undefined when the file does not say. */
  readonly owner: Owner | undefined;
  readonly untouchedMs: number;
}

/** The content must be there from the first instant: written under another name, then linked to this one. */
async function create(path: string, owner: Owner): Promise<boolean> {
  const draft = `${path}.${String(owner.pid)}-${randomBytes(4).toString('hex')}`;
  await writeFile(draft, JSON.stringify(owner));
  try {
    await link(draft, path);
    return true;
  } catch (error) {
    if (hasCode(error, 'EEXIST')) {
      return false;
    }
    // A file system without hard links.
    return await createDirectly(path, JSON.stringify(owner));
  } finally {
    await rm(draft, { force: true });
  }
}

async function createDirectly(path: string, text: string): Promise<boolean> {
  try {
    await writeFile(path, text, { flag: 'wx' });
    return true;
  } catch (error) {
    if (hasCode(error, 'EEXIST')) {
      return false;
    }
    throw error;
  }
}

async function readHolder(path: string): Promise<Holder | undefined> {
  try {
    const text = await readFile(path, 'utf8');
    const { mtimeMs } = await stat(path);
    return { text, owner: parseOwner(text), untouchedMs: Date.now() - mtimeMs };
  } catch (error) {
    if (hasCode(error, 'ENOENT')) {
      return undefined;
    }
    throw error;
  }
}

function isStale(held: Holder, options: LockOptions): boolean {
  const liveness = held.owner === undefined ? 'unknown' : options.liveness(held.owner);
  return liveness === 'dead' || (liveness === 'unknown' && held.untouchedMs > abandonedMs);
}

/**
 * Removes the stale lock of that text, if nobody else is about to; whether it was looked at. One process at a time may:
 * of two, the second would remove the lock that the first one has made meanwhile.
 */
async function clearStale(path: string, text: string): Promise<boolean> {
  const clearing = `${path}.clearing`;
  if (!(await createDirectly(clearing, ''))) {
    const held = await readHolder(clearing);
    if (held !== undefined && held.untouchedMs > abandonedMs) await rm(clearing, { force: true });
    return false;
  }
  try {
    if ((await readHolder(path))?.text === text) await rm(path, { force: true });
    return true;
  } finally {
    await rm(clearing, { force: true });
  }
}

function hold(path: string, owner: Owner): Lock {
  const timer = setInterval(() => {
    const now = new Date();
    utimes(path, now, now).catch(() => undefined);
  }, touchMs);
  timer.unref();
  return {
    async release() {
      clearInterval(timer);
      const held = await readHolder(path);
      if (held?.text === JSON.stringify(owner)) {
        await rm(path, { force: true });
      }
    },
  };
}

function parseOwner(text: string): Owner | undefined {
  try {
    const value = JSON.parse(text) as Partial<Owner> | null;
    const { pid, started, host } = value ?? {};
    return typeof pid === 'number' && typeof started === 'string' && typeof host === 'string'
      ? { pid, started, host }
      : undefined;
  } catch {
    return undefined;
  }
}

function hasCode(error: unknown, code: string): boolean {
  return (error as NodeJS.ErrnoException).code === code;
}

/**
 * Blocks of files from the web, on disk. Several processes may share a folder: a block appears as a whole under its name or
 * not at all, and whoever misses one gets it again.
 */
import { randomBytes } from 'node:crypto';
import {
  closeSync,
  fstatSync,
  futimesSync,
  mkdirSync,
  openSync,
  readdirSync,
  readSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { dirname, join } from 'node:path';

/** Bytes of a block; the last one of a file has fewer. */
export const blockBytes: number = 2 ** 20;

/** A block of a file. */
export interface BlockPlace {
  /** The name of the file in the store. */
  readonly key: string;
  readonly block: number;
}

/** Blocks up to a number of bytes, in all; those that were not used for longest go first. */
export interface BlockStore {
  readonly limitBytes: number;
  /** Whether a block of `size` bytes is there. */
  has(place: BlockPlace, size: number): boolean;
  /** Fills `into` from byte `offset` of a block of `size` bytes on; false when it is not there. Blocks. */
  read(place: BlockPlace, size: number, to: { into: Uint8Array; offset: number }): boolean;
  /** Throws what the file system does. */
  write(place: BlockPlace, bytes: Uint8Array): void;
}

const freshMs = 60_000;
const abandonedMs = 3_600_000;

/** The store in a folder, which is made when it is needed. */
export function createBlockStore(folder: string, limitBytes: number): BlockStore {
  const pathOf = ({ key, block }: BlockPlace): string => join(folder, key, String(block));
  // Looking through the whole folder now and then is enough: it is full a little before the limit.
  const slack = Math.max(blockBytes, Math.floor(limitBytes / 32));
  let written = Infinity;
  return {
    limitBytes,
    has(place, size) {
      return statSync(pathOf(place), { throwIfNoEntry: false })?.size === size;
    },
    read(place, size, { into, offset }) {
      const descriptor = openIfThere(pathOf(place));
      if (descriptor === undefined) return false;
      try {
        const { size: found, mtimeMs } = fstatSync(descriptor);
        if (found !== size) return false;
        if (Date.now() - mtimeMs > freshMs) touch(descriptor);
        return readSync(descriptor, into, 0, into.length, offset) === into.length;
      } finally {
        closeSync(descriptor);
      }
    },
    write(place, bytes) {
      written += bytes.length;
      if (written >= slack) {
        makeRoom(folder, limitBytes - slack - bytes.length);
        written = bytes.length;
      }
      const path = pathOf(place);
      mkdirSync(dirname(path), { recursive: true });
      const part = join(folder, place.key, `.${randomBytes(8).toString('hex')}`);
      writeFileSync(part, bytes, { mode: 0o600 });
      renameSync(part, path);
    },
  };
}

function openIfThere(path: string): number | undefined {
  try {
    return openSync(path, 'r');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  }
}

function touch(descriptor: number): void {
  try {
    const now = new Date();
    futimesSync(descriptor, now, now);
  } catch {
    // The folder of another user: it is old, then.
  }
}

interface Kept {
  readonly path: string;
  readonly size: number;
  readonly mtimeMs: number;
}

/** Removes blocks, the oldest first, until no more than `mostBytes` are left; and what others left half-written. */
function makeRoom(folder: string, mostBytes: number): void {
  const blocks = namesIn(folder).flatMap((key) => filesIn(join(folder, key)));
  let bytes = blocks.reduce((sum, { size }) => sum + size, 0);
  for (const { path, size } of blocks.sort((a, b) => a.mtimeMs - b.mtimeMs)) {
    if (bytes <= mostBytes) break;
    rmSync(path, { force: true });
    bytes -= size;
  }
}

function filesIn(folder: string): readonly Kept[] {
  return namesIn(folder).flatMap((name) => {
    const path = join(folder, name);
    const about = statSync(path, { throwIfNoEntry: false });
    if (about === undefined) return [];
    if (name.startsWith('.')) {
      if (Date.now() - about.mtimeMs > abandonedMs) rmSync(path, { force: true });
      return [];
    }
    return [{ path, size: about.size, mtimeMs: about.mtimeMs }];
  });
}

function namesIn(folder: string): readonly string[] {
  try {
    return readdirSync(folder);
  } catch {
    return [];
  }
}

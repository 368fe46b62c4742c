import { createHash } from 'node:crypto';
import {
  closeSync,
  fsyncSync,
  mkdirSync,
  openSync,
  readSync,
  renameSync,
  rmSync,
  writeSync,
} from 'node:fs';
import { dirname, join } from 'node:path';

/** A file to be written, in pieces. */
export interface FileContent {
  readonly name: string;
  readonly pieces: Iterable<Uint8Array>;
}

/** A file that is on disk now. */
export interface WrittenFile {
  readonly name: string;
  readonly bytes: number;
  readonly sha256: string;
}

/** Hash functions and file systems take less than 2 GiB at once. */
const mostBytesAtOnce = 2 ** 24;

/** Writes a file from pieces and forces it to disk. Blocks. */
export function writeFile(folder: string, { name, pieces }: FileContent): WrittenFile {
  const hash = createHash('sha256');
  const descriptor = openSync(join(folder, name), 'w');
  let bytes = 0;
  try {
    for (const piece of pieces) {
      for (const part of partsOf(piece)) {
        hash.update(part);
        writeAll(descriptor, part);
      }
      bytes += piece.byteLength;
    }
    fsyncSync(descriptor);
  } finally {
    closeSync(descriptor);
  }
  return { name, bytes, sha256: hash.digest('hex') };
}

/**
 * Makes a folder that is either whole or not there: `fill` writes into a temporary folder beside it, which then takes
 * its name; one that has the name already is replaced. Gives what `fill` gives. Blocks.
 */
export function writeFolder<T>(path: string, fill: (temporary: string) => T): T {
  const temporary = temporaryOf(path);
  try {
    rmSync(temporary, { recursive: true, force: true });
    mkdirSync(dirname(path), { recursive: true });
    // Not recursive: that says ENOENT where a disk is read-only.
    mkdirSync(temporary);
    const result = fill(temporary);
    syncFolder(temporary);
    rmSync(path, { recursive: true, force: true });
    renameSync(temporary, path);
    syncFolder(dirname(path));
    return result;
  } catch (error) {
    removeQuietly(temporary);
    throw error;
  }
}

/** Removes a folder so that its name never stands for half of it: under the name it has while it is made. Blocks. */
export function removeFolder(path: string): void {
  const temporary = temporaryOf(path);
  rmSync(temporary, { recursive: true, force: true });
  renameSync(path, temporary);
  rmSync(temporary, { recursive: true, force: true });
}

/** Reads an open file from its beginning, into `target` up to its end. Gives the bytes read. Blocks. */
export function readInto(descriptor: number, target: Uint8Array): number {
  let done = 0;
  while (done < target.byteLength) {
    const most = Math.min(target.byteLength - done, mostBytesAtOnce);
    const count = readSync(descriptor, target, done, most, done);
    if (count === 0) break;
    done += count;
  }
  return done;
}

/** SHA-256 (hex) of bytes, however many. */
export function sha256Of(bytes: Uint8Array): string {
  const hash = createHash('sha256');
  for (const part of partsOf(bytes)) hash.update(part);
  return hash.digest('hex');
}

/** SHA-256 (hex) of an open file, which never is in memory as a whole. Blocks. */
export function sha256OfFile(descriptor: number): string {
  const hash = createHash('sha256');
  const part = new Uint8Array(2 ** 20);
  let done = 0;
  for (let count = -1; count !== 0; done += count) {
    count = readSync(descriptor, part, 0, part.byteLength, done);
    hash.update(part.subarray(0, count));
  }
  return hash.digest('hex');
}

/** Forces the names in a folder to disk. Blocks. */
export function syncFolder(path: string): void {
  const descriptor = openSync(path, 'r');
  try {
    fsyncSync(descriptor);
  } finally {
    closeSync(descriptor);
  }
}

function* partsOf(bytes: Uint8Array): Generator<Uint8Array> {
  for (let from = 0; from < bytes.byteLength; from += mostBytesAtOnce) {
    yield bytes.subarray(from, from + mostBytesAtOnce);
  }
}

function writeAll(descriptor: number, piece: Uint8Array): void {
  let done = 0;
  while (done < piece.byteLength) done += writeSync(descriptor, piece, done);
}

/** See `folder-names.ts`, which knows it again. */
function temporaryOf(path: string): string {
  return `${path}.partial-${String(process.pid)}`;
}

/** The disk that refused to write may refuse this too: what is left is swept when the folder is opened again. */
function removeQuietly(path: string): void {
  try {
    rmSync(path, { recursive: true, force: true });
  } catch {
    // The error before this one says more.
  }
}
